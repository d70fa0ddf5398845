//! `:batch` of a SELECT: the rows of each element, in the order of the slice.

use super::pool;
use crate::compiled::a_batch_that_reads_gives_the_rows_of_each_element as reads;
use reads::books::{
    BookTitlesParams, BooksByYearParams, BooksCountedParams, BooksOfAuthorParams, BooksTaggedParams,
};

const BOOKS: &str = "INSERT INTO authors VALUES (1, 'Ada'), (2, 'Grace');
    INSERT INTO books VALUES (1, 1, 1990, 'b', '{x}'), (2, 2, 1990, 'c', '{y}'), (3, 1, 1990, 'a', '{x,y}'), (4, 2, 2000, 'd', '{}')";

#[tokio::test]
async fn each_element_has_its_own_rows_in_the_order_of_the_query() {
    let (server, pool) = pool("a_batch_that_reads_gives_the_rows_of_each_element").await;
    let mut q = reads::Database::new(pool).begin_admin().await.unwrap();
    xact::sqlx::raw_sql(BOOKS)
        .execute(q.connection())
        .await
        .unwrap();
    let years = [2000, 1980, 1990, 2000].map(|year| BooksByYearParams { year });
    let books = q.orm().books_by_year(&years).await.unwrap();
    let titles = books
        .iter()
        .map(|books| books.iter().map(|book| book.title.as_str()).collect());
    let titles: Vec<Vec<&str>> = titles.collect();
    assert_eq!(
        titles,
        [vec!["d"], vec![], vec!["c", "b", "a"], vec!["d"]],
        "an element without rows has none, and a repeated one has its own"
    );
    let of = |name, most| BooksOfAuthorParams {
        name,
        year: 0,
        most,
    };
    let found = q
        .orm()
        .books_of_author(&[of("Ada", 1), of("Grace", 2)])
        .await;
    let found = found.unwrap().into_iter();
    let found: Vec<Vec<(String, Option<String>)>> = found
        .map(|rows| rows.into_iter().map(|row| (row.title, row.name)).collect())
        .collect();
    let row = |title: &str, name: Option<&str>| (title.to_owned(), name.map(str::to_owned));
    assert_eq!(
        found,
        [
            vec![row("b", Some("Ada"))],
            vec![row("b", None), row("c", Some("Grace"))]
        ],
        "LIMIT and the join are those of one element"
    );
    let ids = [3, 9].map(|id| BookTitlesParams { id: id.into() });
    let titles = q.orm().book_titles(&ids).await.unwrap();
    assert_eq!(titles, [vec!["a".to_owned()], vec![]]);
    let years = [1990, 1980].map(|year| BooksCountedParams { year });
    assert_eq!(q.orm().books_counted(&years).await.unwrap(), [[3], [0]]);
    let (x, none) = (["x".to_owned()], Vec::new());
    let tags = [&x[..], &none].map(|tags| BooksTaggedParams { tags });
    let tagged = q.orm().books_tagged(&tags).await.unwrap();
    let tagged: Vec<usize> = tagged.iter().map(Vec::len).collect();
    assert_eq!(tagged, [2, 0]);
    let nothing = q.orm().books_by_year(&[]).await.unwrap();
    assert!(nothing.is_empty());
    drop((q, server));
}
