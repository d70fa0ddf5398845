//! The sizes of futures: a transaction copies its own several times, so a large one is slow.

use crate::orm::{Admin, customer};
use crate::server::pool;

/// Asserts the size of a value in bytes: an upper bound, and at least a quarter of it, so that a bound is lowered with its future.
fn assert_size<T: ?Sized>(name: &str, value: &T, most: usize) {
    let size = size_of_val(value);
    println!("{name}: {size}");
    assert!(
        size <= most,
        "{name} has {size} bytes: box its rare steps, or raise the bound of {most} with a reason"
    );
    assert!(
        size >= most / 4,
        "{name} has {size} bytes: lower the bound of {most}"
    );
}

#[tokio::test]
async fn futures_of_a_transaction_are_small() {
    let pool = pool().await;
    let begin = pool.begin(customer("ada"));
    assert_size("begin", &begin, 1600);
    let closure = pool.xact(customer("ada"), async |q| q.orm().users_list(0).await);
    assert_size("a transaction of one call", &closure, 2100);
    drop((begin, closure));

    let mut q = pool.begin(Admin).await.unwrap();
    let mut orm = q.orm();
    let call = orm.users_list(0).into_future();
    // What a statement needs while it runs is on the heap; the rows are a part of the future.
    assert_size("a call", &call, 96);
    drop(call);
    let body = q.savepoint(async |q| q.orm().users_list(0).await);
    assert_size("a savepoint", &body, 400);
    drop(body);
    let dynamic = q.sql("one", "SELECT 1").value::<i32>();
    assert_size("a statement built at run time", &dynamic, 16);
    drop(dynamic);
    let rollback = q.rollback();
    assert_size("a rollback", &rollback, 900);
}
