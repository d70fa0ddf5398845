//! Parameters that meet a secret column are hidden, and patches are JSON without the columns that are kept.

use crate::compiled::secrets_are_hidden_where_they_are_compared as secrets;
use secrets::types::UserId;
use secrets::users::{
    UserChangeParams, UserLoginParams, UsersAmongParams, UsersHashedParams, UsersOfRowsParams,
    UsersWithParams,
};
use std::fmt::Debug;
use xact::Patch;
use xact::types::Date;

fn assert_hidden(params: &(impl Debug + serde::Serialize), shown: &str) {
    let texts = [
        format!("{params:?}"),
        serde_json::to_string(params).unwrap(),
    ];
    for text in texts {
        assert!(!text.contains("hunter"), "{text}");
        assert!(text.contains(shown), "{text}");
    }
}

#[test]
fn parameters_that_are_compared_with_a_secret_are_hidden() {
    let with = UsersWithParams {
        token: Some("hunter2"),
        ..UsersWithParams::new(Date::MIN.replace_year(2000).unwrap())
    };
    assert_hidden(&with, "since");
    let hashed = UsersHashedParams {
        password: Some("hunter2"),
        ..UsersHashedParams::new("a@a.example")
    };
    assert_hidden(&hashed, "a@a.example");
    let among = UsersAmongParams {
        email: "a@a.example",
        one: "hunter1",
        other: "hunter2",
    };
    assert_hidden(&among, "a@a.example");
    let pairs = [("a@a.example".to_owned(), "hunter2".to_owned())];
    let rows = UsersOfRowsParams {
        pairs: Some(&pairs),
    };
    assert_hidden(&rows, "");
    let login = UserLoginParams {
        email: "a@a.example",
        password: "hunter2",
    };
    assert_hidden(&login, "a@a.example");
}

#[test]
fn a_patch_in_json_is_left_out_if_it_keeps_the_column() {
    let id = UserId::from(7);
    let json = |params: &UserChangeParams<'_>| serde_json::to_value(params).unwrap();
    let kept = json(&UserChangeParams::new(id));
    assert_eq!(kept.get("born"), None, "{kept}");
    let emptied = json(&UserChangeParams {
        born: Patch::Null,
        ..UserChangeParams::new(id)
    });
    assert!(
        emptied["born"].is_null() && emptied.get("born").is_some(),
        "{emptied}"
    );
    let set = json(&UserChangeParams {
        born: Patch::Set(Date::MIN.replace_year(2000).unwrap()),
        ..UserChangeParams::new(id)
    });
    assert_eq!(set["born"], "2000-01-01", "{set}");
}
