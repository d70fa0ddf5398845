//! The truth of a condition that `seek` writes, by SQL's logic of three values: for the test of every direction and NULL.

use crate::sql::lexer::{Word, words};
use std::cmp::Ordering;

/// Whether a condition over `a`, `b`, … and `$1`, `$2`, … is true; none is NULL.
pub(super) fn evaluate(
    condition: &str,
    row: &[Option<i32>],
    values: &[Option<i32>],
) -> Option<bool> {
    let words = words(condition);
    let mut evaluation = Evaluation {
        words: &words,
        at: 0,
        row,
        values,
    };
    let truth = evaluation.any();
    assert_eq!(evaluation.at, words.len(), "{condition}");
    truth
}

struct Evaluation<'e> {
    words: &'e [Word<'e>],
    at: usize,
    row: &'e [Option<i32>],
    values: &'e [Option<i32>],
}

impl Evaluation<'_> {
    fn next_is(&self, word: &str) -> bool {
        self.words
            .get(self.at)
            .is_some_and(|next| next.text == word)
    }

    fn take(&mut self, word: &str) -> bool {
        let is_next = self.next_is(word);
        self.at += usize::from(is_next);
        is_next
    }

    fn any(&mut self) -> Option<bool> {
        let mut truth = self.all();
        while self.take("OR") {
            truth = match (truth, self.all()) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
        }
        truth
    }

    fn all(&mut self) -> Option<bool> {
        let mut truth = self.one();
        while self.take("AND") {
            truth = match (truth, self.one()) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            };
        }
        truth
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("false") {
            return Some(false);
        }
        let is_row = self
            .words
            .get(self.at + 2)
            .is_some_and(|word| word.text == ",");
        if self.next_is("(") && !is_row {
            self.at += 1;
            let truth = self.any();
            assert!(self.take(")"));
            return truth;
        }
        let left = self.operand();
        if self.take("IS") {
            let negated = self.take("NOT");
            assert!(self.take("NULL"));
            return Some(left[0].is_none() != negated);
        }
        let operator = self.words[self.at].text;
        self.at += 1;
        let right = self.operand();
        compare_rows(&left, operator, &right)
    }

    fn operand(&mut self) -> Vec<Option<i32>> {
        if !self.take("(") {
            return vec![self.value()];
        }
        let mut row = vec![self.value()];
        while self.take(",") {
            row.push(self.value());
        }
        assert!(self.take(")"));
        row
    }

    fn value(&mut self) -> Option<i32> {
        let word = self.words[self.at].text;
        self.at += 1;
        match word.strip_prefix('$') {
            Some(number) => self.values[number.parse::<usize>().expect("a number") - 1],
            None => self.row[usize::from(word.as_bytes()[0] - b'a')],
        }
    }
}

/// "Row Constructor Comparison": the first pair that differs or is NULL decides.
fn compare_rows(left: &[Option<i32>], operator: &str, right: &[Option<i32>]) -> Option<bool> {
    for (left, right) in left.iter().zip(right) {
        match ((*left)?.cmp(&(*right)?), operator) {
            (Ordering::Equal, _) => {}
            (_, "=") => return Some(false),
            (order, operator) => {
                return Some((order == Ordering::Less) == operator.starts_with('<'));
            }
        }
    }
    Some(operator.contains('='))
}
