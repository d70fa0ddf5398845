//! Exact numbers: `numeric_send` in Postgres's `numeric.c`.

use std::fmt::Write as _;

/// The number with all of its digits; none if the bytes are none.
pub(super) fn write_numeric(bytes: &[u8]) -> Option<String> {
    let words: Vec<u16> = bytes
        .chunks(2)
        .map(|pair| pair.try_into().map(u16::from_be_bytes))
        .collect::<Result<_, _>>()
        .ok()?;
    let [count, weight, sign, scale, digits @ ..] = words.as_slice() else {
        return None;
    };
    match sign {
        0xC000 => return Some("NaN".to_owned()),
        0xD000 => return Some("Infinity".to_owned()),
        0xF000 => return Some("-Infinity".to_owned()),
        _ => {}
    }
    if digits.len() != usize::from(*count) || digits.iter().any(|digit| *digit > 9999) {
        return None;
    }
    // Each word is four decimal digits; the weight is the power of 10,000 of the first.
    let weight = i32::from(i16::from_be_bytes(weight.to_be_bytes()));
    let digit = |power: i32| {
        let index = usize::try_from(weight - power).ok();
        index
            .and_then(|index| digits.get(index))
            .copied()
            .unwrap_or(0)
    };
    let mut text = String::new();
    if *sign == 0x4000 {
        text.push('-');
    }
    let _infallible = write!(text, "{}", digit(weight.max(0)));
    for power in (0..weight.max(0)).rev() {
        let _infallible = write!(text, "{:04}", digit(power));
    }
    if *scale > 0 {
        let words = i32::from(*scale).div_euclid(4) + 1;
        let fraction: Vec<String> = (1..=words)
            .map(|word| format!("{:04}", digit(-word)))
            .collect();
        let fraction = fraction.concat();
        text.push('.');
        text.push_str(&fraction[..usize::from(*scale)]);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::write_numeric;

    fn of_words(words: &[u16]) -> Option<String> {
        write_numeric(
            &words
                .iter()
                .flat_map(|word| word.to_be_bytes())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn digits_on_both_sides_of_the_point_are_kept() {
        assert_eq!(of_words(&[0, 0, 0, 2]).as_deref(), Some("0.00"));
        assert_eq!(of_words(&[2, 0, 0, 2, 12, 5000]).as_deref(), Some("12.50"));
        assert_eq!(of_words(&[1, 1, 0x4000, 0, 7]).as_deref(), Some("-70000"));
        assert_eq!(
            of_words(&[1, 0xFFFE, 0, 6, 1200]).as_deref(),
            Some("0.000012")
        );
        assert_eq!(of_words(&[0, 0, 0xC000, 0]).as_deref(), Some("NaN"));
        assert_eq!(of_words(&[1, 0, 0, 0]), None);
    }
}
