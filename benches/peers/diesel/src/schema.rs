//! The tables, as `diesel print-schema` writes them.

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    notes (id) {
        id -> Int8,
        created_at -> Timestamptz,
        title -> Text,
        body -> Nullable<Text>,
    }
}

table! {
    documents (id) {
        id -> Int8,
        created_at -> Timestamptz,
        title -> Text,
        body -> Nullable<Text>,
        organization_id -> Text,
    }
}

table! {
    events (id) {
        id -> Int8,
        created_at -> Timestamptz,
        title -> Text,
        body -> Nullable<Text>,
    }
}

table! {
    loads (id) {
        id -> Int8,
        created_at -> Timestamptz,
        title -> Text,
        body -> Nullable<Text>,
    }
}

table! {
    wide (id) {
        id -> Int8,
        created_at -> Timestamptz,
        updated_at -> Nullable<Timestamptz>,
        title -> Text,
        subtitle -> Nullable<Text>,
        author -> Text,
        publisher -> Nullable<Text>,
        language -> Text,
        url -> Text,
        #[sql_name = "abstract"]
        abstract_ -> Nullable<Text>,
        pages -> Int4,
        edition -> Nullable<Int4>,
        year -> Int4,
        sales -> Int8,
        stock -> Nullable<Int8>,
        price -> Float8,
        discount -> Nullable<Float8>,
        available -> Bool,
        digital -> Nullable<Bool>,
        rank -> Int2,
    }
}

table! {
    authors (id) {
        id -> Int8,
        name -> Text,
    }
}

table! {
    books (id) {
        id -> Int8,
        author_id -> Int8,
        title -> Text,
        blurb -> Nullable<Text>,
    }
}

joinable!(books -> authors (author_id));
allow_tables_to_appear_in_same_query!(authors, books);
