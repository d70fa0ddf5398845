//! A module such as a generated one, written by hand for the tests.

use std::marker::PhantomData;

use xact::generated::Query;
use xact::{CopyRows, Execute, Many, One, Optional};

pub(crate) struct Orm<'a, S> {
    pub(crate) run: xact::generated::Runner<'a>,
    scope: PhantomData<S>,
}

/// The role that logged in, with no settings.
#[derive(Clone)]
pub(crate) struct Admin;

impl xact::Scope for Admin {
    const NAME: &'static str = "admin";
    const ROLE: Option<&'static str> = None;
    type Orm<'a> = Orm<'a, Self>;

    fn settings(&self) -> Vec<(&'static str, &str)> {
        Vec::new()
    }

    fn orm(run: xact::generated::Runner<'_>) -> Orm<'_, Self> {
        Orm {
            run,
            scope: PhantomData,
        }
    }
}

/// A role of its own, with two settings.
#[derive(Clone)]
pub(crate) struct Customer {
    pub(crate) user_id: String,
    pub(crate) organization_id: String,
}

pub(crate) fn customer(user_id: &str) -> Customer {
    Customer {
        user_id: user_id.to_owned(),
        organization_id: "acme".to_owned(),
    }
}

impl xact::Scope for Customer {
    const NAME: &'static str = "customer";
    const ROLE: Option<&'static str> = Some("xact_customer");
    type Orm<'a> = Orm<'a, Self>;

    fn settings(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("app.user_id", &self.user_id),
            ("app.organization_id", &self.organization_id),
        ]
    }

    fn orm(run: xact::generated::Runner<'_>) -> Orm<'_, Self> {
        Orm {
            run,
            scope: PhantomData,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Identity {
    pub(crate) role: String,
    pub(crate) user_id: String,
    pub(crate) organization_id: String,
}

impl Identity {
    fn read(row: &xact::generated::Row<'_>) -> Result<Self, xact::Error> {
        Ok(Self {
            role: row.get(0)?,
            user_id: row.get(1)?,
            organization_id: row.get(2)?,
        })
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct User {
    pub(crate) email: String,
    pub(crate) age: Option<i32>,
}

impl User {
    fn read(row: &xact::generated::Row<'_>) -> Result<Self, xact::Error> {
        Ok(Self {
            email: row.get(0)?,
            age: row.get(1)?,
        })
    }
}

static IDENTITY: Query = Query {
    name: "identity",
    file: "queries/identity.sql",
    sql: "SELECT current_user::text, coalesce(current_setting('app.user_id', true), ''), \
          coalesce(current_setting('app.organization_id', true), '')",
    parameters: &[],
    columns: &[25, 25, 25],
    names: "",
};

static USERS_INSERT: Query = Query {
    name: "users_insert",
    file: "queries/users.sql",
    sql: "INSERT INTO users (email, age) VALUES ($1, $2) RETURNING id",
    parameters: &[25, 23],
    columns: &[20],
    names: "",
};

static USERS_LOAD: Query = Query {
    name: "users_load",
    file: "queries/users.sql",
    sql: "COPY users (email) FROM STDIN (FORMAT binary)",
    parameters: &[25],
    columns: &[],
    names: "",
};

static USERS_PUT: Query = Query {
    name: "users_put",
    file: "queries/users.sql",
    sql: "INSERT INTO users (email) SELECT email FROM unnest($1::text[]) AS b(email) \
          ON CONFLICT (email) DO UPDATE SET age = 0",
    parameters: &[1009],
    columns: &[],
    names: "",
};

static USERS_LIST: Query = Query {
    name: "users_list",
    file: "queries/users.sql",
    sql: "SELECT email, age FROM users WHERE age >= $1 ORDER BY id",
    parameters: &[23],
    columns: &[25, 23],
    names: "",
};

static USERS_DELETE: Query = Query {
    name: "users_delete",
    file: "queries/users.sql",
    sql: "DELETE FROM users WHERE age >= $1",
    parameters: &[23],
    columns: &[],
    names: "",
};

static BACKEND: Query = Query {
    name: "backend",
    file: "queries/identity.sql",
    sql: "SELECT pg_backend_pid()",
    parameters: &[],
    columns: &[23],
    names: "",
};

static TENANT_WRITE: Query = Query {
    name: "tenant_write",
    file: "queries/tenants.sql",
    sql: "INSERT INTO rows_of_tenants VALUES (current_setting('app.organization_id'), $1)",
    parameters: &[25],
    columns: &[],
    names: "",
};

static TENANT_READ: Query = Query {
    name: "tenant_read",
    file: "queries/tenants.sql",
    sql: "SELECT DISTINCT word FROM rows_of_tenants",
    parameters: &[],
    columns: &[25],
    names: "",
};

static SECRETS_COUNT: Query = Query {
    name: "secrets_count",
    file: "queries/secrets.sql",
    sql: "SELECT count(*) FROM secrets",
    parameters: &[],
    columns: &[20],
    names: "",
};

impl<S> Orm<'_, S> {
    pub(crate) fn identity(&mut self) -> One<'_, Identity> {
        self.run.one(IDENTITY.arguments(), Identity::read)
    }

    pub(crate) fn users_insert(&mut self, email: &str, age: Option<i32>) -> One<'_, i64> {
        self.run
            .one(USERS_INSERT.arguments().push(email).push(age), |row| {
                row.get(0)
            })
    }

    pub(crate) fn users_load(&mut self, emails: &[&str]) -> CopyRows<'_> {
        let lines = USERS_LOAD.copy(emails, |email, line| line.push(*email));
        self.run.copy(lines)
    }

    pub(crate) fn users_put(&mut self, emails: &[&str]) -> Execute<'_> {
        let arguments = USERS_PUT.arguments().push_each(25, emails, |email| *email);
        self.run.execute(arguments)
    }

    pub(crate) fn users_list(&mut self, age: i32) -> Many<'_, User> {
        self.run.many(USERS_LIST.arguments().push(age), User::read)
    }

    pub(crate) fn users_one(&mut self, age: i32) -> One<'_, User> {
        self.run.one(USERS_LIST.arguments().push(age), User::read)
    }

    pub(crate) fn users_optional(&mut self, age: i32) -> Optional<'_, User> {
        self.run
            .optional(USERS_LIST.arguments().push(age), User::read)
    }

    pub(crate) fn users_delete(&mut self, age: i32) -> Execute<'_> {
        self.run.execute(USERS_DELETE.arguments().push(age))
    }

    pub(crate) fn users_clear(&mut self, age: i32) -> Execute<'_> {
        self.run.execute(USERS_DELETE.arguments().push(age))
    }

    /// The server's process, which tells connections apart.
    pub(crate) fn backend(&mut self) -> One<'_, i32> {
        self.run.one(BACKEND.arguments(), |row| row.get(0))
    }

    /// A row of the tenant that the transaction belongs to.
    pub(crate) fn tenant_write(&mut self, word: &str) -> Execute<'_> {
        self.run.execute(TENANT_WRITE.arguments().push(word))
    }

    /// The words of every row that the transaction may see.
    pub(crate) fn tenant_read(&mut self) -> Many<'_, String> {
        self.run.many(TENANT_READ.arguments(), |row| row.get(0))
    }

    pub(crate) fn secrets_count(&mut self) -> One<'_, i64> {
        self.run.one(SECRETS_COUNT.arguments(), |row| row.get(0))
    }
}

/// The generated entry points, in short.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    pub(crate) pool: xact::Pool,
}

impl Database {
    pub(crate) async fn xact_customer<T, E>(
        &self,
        user_id: &str,
        body: impl AsyncFnOnce(&mut xact::Xact<Customer>) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<xact::Error>,
    {
        self.pool.xact(customer(user_id), body).await
    }

    pub(crate) async fn retry_customer<T, E>(
        &self,
        retry: xact::Retry,
        user_id: &str,
        body: impl AsyncFnOnce(&mut xact::Xact<Customer>) -> Result<T, E> + Clone,
    ) -> Result<T, E>
    where
        E: From<xact::Error>,
    {
        self.pool.retry(retry, customer(user_id), body).await
    }

    pub(crate) async fn begin_customer(
        &self,
        user_id: &str,
    ) -> Result<xact::Xact<Customer>, xact::Error> {
        self.pool.begin(customer(user_id)).await
    }
}
