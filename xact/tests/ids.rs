//! Ids made in Rust are unique, ascending, and of the form that the database makes.

use std::collections::HashSet;
use std::time::SystemTime;

use xact::NewId as _;
use xact::id::{from_content, generate, uuid_v7};
use xact::types::Uuid;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct BookmarkId(String);
xact::generated::id_type!(BookmarkId, String, "bookmarks.id", "bkm_");

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct SessionId(Uuid);
xact::generated::id_type!(SessionId, Uuid, "sessions.id");

#[test]
fn ids_of_one_process_are_ascending_and_unique_on_all_threads() {
    let threads: Vec<_> = (0..4)
        .map(|_| std::thread::spawn(|| (0..20_000).map(|_| generate("tst")).collect::<Vec<_>>()))
        .collect();
    let mut unique = HashSet::new();
    for thread in threads {
        let ids = thread.join().unwrap();
        assert!(ids.is_sorted_by(|one, next| one < next));
        unique.extend(ids);
    }
    assert_eq!(unique.len(), 80_000);
}

#[test]
fn an_id_says_when_it_was_made() {
    let milliseconds = || SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let before = milliseconds();
    let made = uuid_v7().as_u128() >> 80;
    assert!((before..=milliseconds()).contains(&made));
}

#[test]
fn an_id_is_a_prefix_and_a_version_7_uuid() {
    let id = generate("tst");
    let uuid: Uuid = id.strip_prefix("tst_").unwrap().parse().unwrap();
    assert_eq!(uuid.get_version_num(), 7);
    assert_eq!(uuid.get_variant(), uuid::Variant::RFC4122);
    assert_eq!(id, format!("tst_{}", uuid.simple()));
    let random: HashSet<u64> = (0..100).map(|_| uuid_v7().as_u64_pair().1).collect();
    assert_eq!(random.len(), 100);
}

#[test]
fn the_same_content_has_the_same_id_as_in_python() {
    // hashlib.blake2b(b"abc").hexdigest(), which is the example of RFC 7693 too.
    let expected = "con_ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1\
        7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923";
    assert_eq!(from_content("con", "abc"), expected);
    assert_ne!(from_content("con", "abd"), expected);
    assert_ne!(from_content("con", ""), from_content("seq", ""));
}

#[test]
fn generated_id_types_make_ids_of_their_own() {
    let id = BookmarkId::generate();
    assert_eq!(id.as_str().parse::<BookmarkId>().unwrap(), id);
    assert!(id < BookmarkId::generate());
    assert_eq!(
        BookmarkId::from_content("abc").as_str(),
        from_content("bkm", "abc")
    );
    assert!(SessionId::generate() < SessionId::generate());
    assert_eq!(SessionId::generate().get().get_version_num(), 7);
}
