//! Makes a statement that breaks a claim smaller, as long as it still does.

use std::time::{Duration, Instant};

use xact_codegen::sql::lexer::tokens;

/// How long one statement is worked on.
const PATIENCE: Duration = Duration::from_secs(30);

/// The smallest text found that `breaks`: pieces are left out, and brackets replaced by their content or by NULL.
pub(super) async fn shrink(text: &str, mut breaks: impl AsyncFnMut(&str) -> bool) -> String {
    let until = Instant::now() + PATIENCE;
    let mut words = words(text);
    loop {
        let before = words.len();
        let mut size = words.len() / 2;
        while size > 0 {
            let mut start = 0;
            while start < words.len() && Instant::now() < until {
                let smaller = without(&words, start, size);
                if breaks(&smaller.join(" ")).await {
                    words = smaller;
                } else {
                    start += size;
                }
            }
            size /= 2;
        }
        let mut open = 0;
        while open < words.len() && Instant::now() < until {
            for smaller in in_place_of_brackets(&words, open) {
                if breaks(&smaller.join(" ")).await {
                    words = smaller;
                    break;
                }
            }
            open += 1;
        }
        if words.len() == before || Instant::now() >= until {
            return words.join(" ");
        }
    }
}

fn words(text: &str) -> Vec<String> {
    let tokens = tokens(text)
        .into_iter()
        .filter(|token| !token.kind.is_trivia());
    tokens.map(|token| text[token.range].to_owned()).collect()
}

fn without(words: &[String], start: usize, size: usize) -> Vec<String> {
    let end = (start + size).min(words.len());
    [&words[..start], &words[end..]].concat()
}

/// Less in place of the brackets that open here.
fn in_place_of_brackets(words: &[String], open: usize) -> Vec<Vec<String>> {
    if words[open] != "(" {
        return Vec::new();
    }
    let mut depth = 0;
    let close = (open..words.len()).find(|&index| {
        depth += i32::from(words[index] == "(") - i32::from(words[index] == ")");
        depth == 0
    });
    let Some(close) = close else {
        return Vec::new();
    };
    let (before, inside, after) = (&words[..open], &words[open + 1..close], &words[close + 1..]);
    let null = ["NULL".to_owned()];
    vec![
        [before, after].concat(),
        [before, &null, after].concat(),
        [before, inside, after].concat(),
    ]
}
