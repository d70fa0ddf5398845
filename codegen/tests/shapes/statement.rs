//! Random statements with parts, kept as data: written with comments for the tool, and by hand for one variant.

use std::fmt::{self, Write as _};

/// Tables whose columns may be NULL or not.
pub(super) const TABLES: &str = "
CREATE TABLE a (id bigint PRIMARY KEY, n text NOT NULL, m text, k bigint, b_id bigint);
CREATE TABLE b (id bigint PRIMARY KEY, n text NOT NULL, m text, k bigint, c_id bigint);
CREATE TABLE c (id bigint PRIMARY KEY, n text NOT NULL, m text);
CREATE INDEX ON a (k);
CREATE INDEX ON b (m);
";

/// Rows, of which half of the values that may be NULL are.
pub(super) fn random_rows(random: &mut Random) -> String {
    let mut sql = String::new();
    for table in ["a", "b", "c"] {
        for id in 0..24 {
            let text = |random: &mut Random| match random.below(4) {
                0 | 1 => "NULL".to_owned(),
                letter => format!("'{}'", ["a", "b"][letter - 2]),
            };
            let number = |random: &mut Random| match random.below(4) {
                0 | 1 => "NULL".to_owned(),
                number => number.to_string(),
            };
            let (m, k, other) = (text(random), number(random), number(random));
            let letter = ["a", "b", "c"][random.below(3)];
            let values = if table == "c" {
                format!("{id}, '{letter}', {m}")
            } else {
                format!("{id}, '{letter}', {m}, {k}, {other}")
            };
            writeln!(sql, "INSERT INTO {table} VALUES ({values});").unwrap();
        }
    }
    sql
}

/// Marsaglia's xorshift.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % count
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }
}

/// A piece of SQL, always there or switched.
struct Element {
    sql: String,
    switch: Option<String>,
}

impl Element {
    fn is_on(&self, on: &[&str]) -> bool {
        let switch = self.switch.as_deref();
        switch.is_none_or(|switch| on.contains(&switch.trim_start_matches(':')))
    }

    /// The element behind a connector, on a line of its own.
    fn write(&self, f: &mut fmt::Formatter<'_>, connector: &str) -> fmt::Result {
        let comment = self.switch.iter().map(|switch| format!("  -- if {switch}"));
        writeln!(
            f,
            "  {connector}{}{}",
            self.sql,
            comment.collect::<String>()
        )
    }
}

/// A condition of WHERE: one element, or some in brackets.
enum Condition {
    One(Element),
    Any(Vec<Element>),
}

/// A SELECT with parts.
pub(super) struct Statement {
    columns: Vec<String>,
    joins: Vec<Element>,
    conditions: Vec<Condition>,
    orders: Vec<String>,
    limit: Option<Element>,
}

/// The expressions of a SELECT list, of the tables that are always there.
const COLUMNS: &[&str] = &[
    "a.id",
    "a.n",
    "a.m",
    "a.k",
    "b.id",
    "b.n",
    "b.m",
    "coalesce(a.m, b.m)",
    "coalesce(b.m, a.n)",
    "upper(a.m)",
    "a.k + b.k",
    "CASE WHEN a.m IS NULL THEN a.n ELSE a.m END",
    "b.c_id",
    "a.m || b.n",
    "greatest(a.k, b.k)",
    "nullif(a.n, b.n)",
];

/// Conditions without a parameter.
const TESTS: &[&str] = &[
    "a.m IS NOT NULL",
    "b.m IS NOT NULL",
    "b.id IS NOT NULL",
    "a.k > 1",
    "a.k = b.k",
    "a.m = b.m",
    "a.m IS NULL",
    "a.k BETWEEN 1 AND 3",
    "a.n IN ('a', 'b')",
    "b.c_id IS NOT NULL",
    "EXISTS (SELECT 1 FROM c x WHERE x.m = a.m AND x.n = b.n)",
    "CASE WHEN a.k > 1 AND b.k > 1 THEN a.m IS NOT NULL ELSE b.m IS NOT NULL END",
];

/// Conditions with a parameter, `?` for it.
const FILTERS: &[&str] = &[
    "a.m = ?::text",
    "b.m = ?::text",
    "a.k >= ?::bigint",
    "b.k <> ?::bigint",
    "a.n < ?::text",
    "a.m ILIKE ?::text || '%'",
    "a.k BETWEEN ?::bigint AND 9",
];

const ORDERS: &[&str] = &[
    "a.id",
    "a.n DESC, b.id",
    "a.k NULLS FIRST, a.id",
    "b.m, a.id DESC",
];

impl Statement {
    pub(super) fn random(random: &mut Random) -> Self {
        let mut names = 0;
        let mut number = || {
            names += 1;
            names
        };
        let mut element = |random: &mut Random| {
            let filter = random.below(2) == 0;
            let number = number();
            let switched = random.below(4) > 0;
            if filter {
                let sql = random.pick(FILTERS).replace('?', &format!(":p{number}"));
                let switch = switched.then(|| format!(":p{number}"));
                Element { sql, switch }
            } else {
                let switch = switched.then(|| format!("f{number}"));
                let sql = random.pick(TESTS).to_owned();
                Element { sql, switch }
            }
        };
        let columns = (0..=random.below(4)).map(|_| random.pick(COLUMNS).to_owned());
        let columns = columns.collect();
        let kind = random.pick(&["LEFT JOIN", "JOIN", "RIGHT JOIN", "FULL JOIN"]);
        let mut joins = vec![Element {
            sql: format!("{kind} b ON b.id = a.b_id"),
            switch: None,
        }];
        if random.below(2) == 0 {
            let kind = random.pick(&["LEFT JOIN", "JOIN"]);
            joins.push(Element {
                sql: format!("{kind} c ON c.id = b.c_id AND c.m IS NOT NULL"),
                switch: Some("joined".to_owned()),
            });
        }
        let conditions = (0..random.below(5)).map(|_| {
            if random.below(3) == 0 {
                let count = 1 + random.below(3);
                Condition::Any((0..count).map(|_| element(random)).collect())
            } else {
                Condition::One(element(random))
            }
        });
        let mut conditions: Vec<Condition> = conditions.collect();
        // Every statement has a part.
        conditions.push(Condition::One(Element {
            sql: "a.id >= 0".to_owned(),
            switch: Some("always".to_owned()),
        }));
        let orders = ORDERS[..random.below(ORDERS.len() + 1)].iter();
        let limit = (random.below(3) == 0).then(|| Element {
            sql: "LIMIT :most::bigint + 1".to_owned(),
            switch: Some(":most".to_owned()),
        });
        Self {
            columns,
            joins,
            conditions,
            orders: orders.map(|order| (*order).to_owned()).collect(),
            limit,
        }
    }

    /// The columns under names of their own.
    fn select_list(&self) -> String {
        let columns = self.columns.iter().enumerate();
        let columns = columns.map(|(number, sql)| format!("{sql} AS c{number}"));
        columns.collect::<Vec<_>>().join(", ")
    }

    /// The statement with these switches on, and this order.
    pub(super) fn write_by_hand(&self, on: &[&str], order: usize) -> String {
        let mut sql = format!("SELECT {} FROM a", self.select_list());
        for join in self.joins.iter().filter(|join| join.is_on(on)) {
            write!(sql, " {}", join.sql).unwrap();
        }
        let conditions = self
            .conditions
            .iter()
            .filter_map(|condition| match condition {
                Condition::One(element) => element.is_on(on).then(|| element.sql.clone()),
                Condition::Any(elements) => {
                    let kept = elements.iter().filter(|element| element.is_on(on));
                    let kept: Vec<&str> = kept.map(|element| element.sql.as_str()).collect();
                    (!kept.is_empty()).then(|| format!("({})", kept.join(" OR ")))
                }
            });
        let conditions: Vec<String> = conditions.collect();
        if !conditions.is_empty() {
            write!(sql, " WHERE {}", conditions.join(" AND ")).unwrap();
        }
        if let Some(order) = self.orders.get(order) {
            write!(sql, " ORDER BY {order}").unwrap();
        }
        if let Some(limit) = self.limit.iter().find(|limit| limit.is_on(on)) {
            write!(sql, " {}", limit.sql).unwrap();
        }
        sql
    }
}

/// With comments for the tool.
impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "SELECT {}", self.select_list())?;
        writeln!(f, "FROM a")?;
        for join in &self.joins {
            join.write(f, "")?;
        }
        writeln!(f, "WHERE")?;
        for (number, condition) in self.conditions.iter().enumerate() {
            let connector = if number == 0 { "" } else { "AND " };
            match condition {
                Condition::One(element) => element.write(f, connector)?,
                Condition::Any(elements) => {
                    writeln!(f, "  {connector}(")?;
                    for (number, element) in elements.iter().enumerate() {
                        element.write(f, if number == 0 { "" } else { "OR " })?;
                    }
                    writeln!(f, "  )")?;
                }
            }
        }
        if let Some((default, others)) = self.orders.split_first() {
            writeln!(f, "ORDER BY {default}  -- order o0")?;
            for (number, order) in others.iter().enumerate() {
                writeln!(f, "-- order o{}: {order}", number + 1)?;
            }
        }
        match &self.limit {
            Some(limit) => limit.write(f, ""),
            None => Ok(()),
        }
    }
}
