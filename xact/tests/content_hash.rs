//! The content hash is frozen, and tells edits apart.

use std::collections::HashSet;

use xact::generated::content_hash;

const _: () = assert!(
    content_hash(b"SELECT 1;\n") == 0x5c28_8e1f_c4d0_203c,
    "it works at compile time"
);

#[test]
fn known_values_never_change() {
    assert_eq!(content_hash(b""), 0xa706_dd2f_4d19_7e6f);
    assert_eq!(content_hash(b"\0"), 0x5e41_ab08_7439_611e);
    assert_eq!(content_hash(b"SELECT 1"), 0x7f60_077f_f2d6_0167);
    assert_eq!(content_hash(b"SELECT 1;\n"), 0x5c28_8e1f_c4d0_203c);
    let every_byte: Vec<u8> = (0..=255).collect();
    assert_eq!(content_hash(&every_byte), 0xc3ed_b817_b4c3_93ae);
}

#[test]
fn edits_of_one_file_are_told_apart() {
    let file = b"-- name: users_list :many\nSELECT id, email FROM users ORDER BY id;\n";
    let mut hashes = HashSet::from([content_hash(file)]);
    let mut edits = 1;
    let mut edit = |bytes: Vec<u8>| {
        edits += 1;
        assert!(hashes.insert(content_hash(&bytes)), "{bytes:?}");
    };
    for index in 0..file.len() {
        for bit in 0..8 {
            let mut changed = file.to_vec();
            changed[index] ^= 1 << bit;
            edit(changed);
        }
    }
    for length in 0..file.len() {
        edit(file[..length].to_vec());
    }
    for index in 0..file.len() - 1 {
        let mut swapped = file.to_vec();
        swapped.swap(index, index + 1);
        if swapped != file {
            edit(swapped);
        }
    }
    for zeros in 1..40 {
        let mut longer = file.to_vec();
        longer.extend(vec![0; zeros]);
        edit(longer);
    }
    assert_eq!(hashes.len(), edits);
}
