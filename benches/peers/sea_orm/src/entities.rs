//! The entities, in the format that `sea-orm-cli generate entity --entity-format dense` writes.

macro_rules! note_entity {
    ($module:ident, $table:literal) => {
        pub(crate) mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub id: i64,
                pub created_at: TimeDateTimeWithTimeZone,
                pub title: String,
                pub body: Option<String>,
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

note_entity!(note, "notes");
note_entity!(document, "documents");
note_entity!(event, "events");
note_entity!(load, "loads");

pub(crate) mod wide {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "wide")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub created_at: TimeDateTimeWithTimeZone,
        pub updated_at: Option<TimeDateTimeWithTimeZone>,
        pub title: String,
        pub subtitle: Option<String>,
        pub author: String,
        pub publisher: Option<String>,
        pub language: String,
        pub url: String,
        #[sea_orm(column_name = "abstract")]
        pub abstract_: Option<String>,
        pub pages: i32,
        pub edition: Option<i32>,
        pub year: i32,
        pub sales: i64,
        pub stock: Option<i64>,
        pub price: f64,
        pub discount: Option<f64>,
        pub available: bool,
        pub digital: Option<bool>,
        pub rank: i16,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod author {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "authors")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub name: String,
        #[sea_orm(has_many)]
        pub books: HasMany<super::book::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod book {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "books")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub author_id: i64,
        pub title: String,
        pub blurb: Option<String>,
        #[sea_orm(belongs_to, from = "author_id", to = "id")]
        pub author: BelongsTo<super::author::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
