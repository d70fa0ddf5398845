//! Random statements that take a slice, in pieces, so that the rows that one matches can be asked for.

use super::super::random::Random;

/// A statement on one table.
pub(super) struct Statement {
    /// As a query file has it.
    pub(super) sql: String,
    pub(super) kind: Kind,
    /// A query for the rows that it matches: their keys, and the values that it gives them.
    pub(super) matches: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Insert,
    Update,
    Delete,
}

pub(super) fn statement(random: &mut Random) -> Statement {
    match random.below(6) {
        0 => insert_values(random),
        1 => insert_select(random),
        2 | 3 => delete(random),
        _ => update(random),
    }
}

/// One of these.
fn pick<'t>(random: &mut Random, choices: &[&'t str]) -> &'t str {
    let index = usize::try_from(random.below(choices.len() as u64)).unwrap();
    choices[index]
}

fn insert_values(random: &mut Random) -> Statement {
    let word = pick(
        random,
        &[
            ":word?",
            "upper(:word)",
            "(SELECT max(label) FROM teams WHERE label <= :word)",
            "(SELECT count(*)::text FROM teams WHERE team_key <> :number)",
        ],
    );
    let conflict = pick(
        random,
        &[
            "",
            "ON CONFLICT (seat_no) DO NOTHING",
            "ON CONFLICT (seat_no) DO UPDATE SET nick = excluded.nick || coalesce(seats.nick, '')",
        ],
    );
    let tags = pick(random, &[":tags?", ":tags[?]", "ARRAY[:word, NULL]"]);
    let sql = format!(
        "INSERT INTO seats (seat_no, nick, tags) VALUES (:number, {word}, {tags}) {conflict} \
         RETURNING seat_no, nick, tags, quota_key"
    );
    Statement {
        sql,
        kind: Kind::Insert,
        matches: None,
    }
}

fn insert_select(random: &mut Random) -> Statement {
    let from = from(random);
    let condition = condition(random, "true");
    let tail = pick(random, &["", "ORDER BY 1, 2, 3 LIMIT 2"]);
    let word = pick(random, &[":word", ":word?::text", "t.extra"]);
    let sql = format!(
        "INSERT INTO entries (number, word, team) SELECT q.quota_key, {word}, t.label || :word2 \
         FROM {from} WHERE {condition} {tail} RETURNING number, word, team"
    );
    let sql = sql
        .replace("s.seat_no", "q.quota_key")
        .replace("s.nick", "t.extra");
    Statement {
        sql,
        kind: Kind::Insert,
        matches: None,
    }
}

fn delete(random: &mut Random) -> Statement {
    let from = from(random);
    let condition = condition(random, "s.quota_key = q.quota_key");
    let given = pick(
        random,
        &[
            "",
            ", t.label",
            ", t.extra, q.team_key",
            ", t.label || 'x' AS l",
        ],
    );
    Statement {
        sql: format!(
            "DELETE FROM seats AS s USING {from} WHERE {condition} RETURNING s.seat_no, s.nick{given}"
        ),
        kind: Kind::Delete,
        matches: Some(format!(
            "SELECT s.seat_no, ROW(s.nick{})::text FROM seats AS s, {from} WHERE {condition}",
            given.replace(" AS l", "")
        )),
    }
}

fn update(random: &mut Random) -> Statement {
    let from = from(random);
    let condition = condition(random, "s.quota_key = q.quota_key");
    let value = pick(
        random,
        &[
            "coalesce(t.label, 'none') || :word",
            ":word?",
            "(SELECT max(x.label) FROM teams AS x WHERE x.team_key < :number OR x.label = t.label)",
            "t.extra || s.nick",
        ],
    );
    let tags = pick(random, &["s.tags", ":tags?", "ARRAY[:word, t.label]"]);
    let given = pick(random, &["", ", t.label", ", :word3 AS word3, q.team_key"]);
    Statement {
        sql: format!(
            "UPDATE seats AS s SET nick = {value}, tags = {tags} FROM {from} WHERE {condition} \
             RETURNING s.seat_no, s.nick, s.tags{given}"
        ),
        kind: Kind::Update,
        matches: Some(format!(
            "SELECT s.seat_no, ROW({value}, {tags}{})::text FROM seats AS s, {from} WHERE {condition}",
            given.replace(" AS word3", "")
        )),
    }
}

/// Teams and quotas, joined in some way; perhaps more.
fn from(random: &mut Random) -> String {
    let teams = pick(
        random,
        &[
            "teams AS t",
            "(SELECT * FROM teams WHERE label <> :word4) AS t",
            "(SELECT team_key, label, extra FROM teams) AS t",
            "(teams AS t CROSS JOIN (SELECT 1 AS one) AS u)",
        ],
    );
    let join = pick(
        random,
        &["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "LEFT JOIN"],
    );
    let on = pick(
        random,
        &[
            "ON q.team_key = t.team_key",
            "ON q.team_key = t.team_key AND t.label = :word5",
            "USING (team_key)",
        ],
    );
    // With USING, a column belongs to both.
    let joined = format!("{teams} {join} quotas AS q {on}");
    match random.below(6) {
        0 => format!("({joined})"),
        1 => format!("quotas AS o, {joined}"),
        2 => format!("{joined}, (SELECT :word6 AS six) AS six"),
        3 => format!("{joined} RIGHT JOIN (SELECT 1 AS two) AS two ON true"),
        _ => joined,
    }
}

fn condition(random: &mut Random, link: &str) -> String {
    let with = pick(
        random,
        &[
            "s.seat_no = :seat_no",
            "s.seat_no IS DISTINCT FROM :seat_no",
            "(s.seat_no = :seat_no OR s.nick = :nick)",
            "EXISTS (SELECT FROM teams AS x WHERE x.label = :nick AND s.seat_no >= :seat_no)",
            "s.seat_no = ANY (:seats)",
            "s.nick IS NOT DISTINCT FROM :nick?",
            "s.seat_no = :seat_no AND t.label IS NULL",
        ],
    );
    format!("{link} AND {with}")
}
