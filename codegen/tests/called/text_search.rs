//! `tsvector`: read under `SELECT *` of a table that generates one, and written.

use super::pool;
use crate::compiled::a_text_search_vector_is_read_with_its_table as search;
use search::docs::DraftPutParams;
use xact::types::{Lexeme, LexemePosition, TsVector};

#[tokio::test]
async fn a_document_comes_with_its_words() {
    let (server, pool) = pool("a_text_search_vector_is_read_with_its_table").await;
    let mut q = search::Database::new(pool).begin_admin().await.unwrap();
    let doc = q
        .orm()
        .doc_add("Fat rats ate a rat's cheese")
        .await
        .unwrap();
    assert_eq!(
        doc.search.to_string(),
        "'ate':3 'chees':7 'fat':1 'rat':2,5"
    );
    let found = q.orm().docs_all("rats").await.unwrap();
    assert_eq!(found, std::slice::from_ref(&doc));
    let place = |position, weight| LexemePosition { position, weight };
    let words = TsVector {
        lexemes: vec![
            Lexeme {
                word: "it's \\ é".to_owned(),
                positions: vec![place(1, 'A'), place(16_383, 'D')],
            },
            Lexeme {
                word: "none".to_owned(),
                positions: Vec::new(),
            },
        ],
    };
    let rows = [
        DraftPutParams {
            doc_id: Some(doc.id),
            words: Some(&words),
        },
        DraftPutParams {
            doc_id: None,
            words: None,
        },
    ];
    let put = q.orm().draft_put(&rows).await.unwrap();
    assert_eq!(put, [Some(words.clone()), None]);
    let text: String =
        xact::sqlx::query_scalar("SELECT words::text FROM drafts WHERE words IS NOT NULL")
            .fetch_one(q.connection())
            .await
            .unwrap();
    assert_eq!(text, words.to_string(), "it prints as Postgres prints it");
    drop((q, server));
}
