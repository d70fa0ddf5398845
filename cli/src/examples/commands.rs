//! The examples of each command.

/// A command, as it is typed after `xact`, with examples and a description of each.
pub(super) const EXAMPLES: &[(&str, &[(&str, &str)])] = &[
    (
        "codegen",
        &[
            (
                "xact codegen",
                "write schema.sql and src/orm/ if anything changed",
            ),
            ("xact codegen --watch", "and again after every save"),
            (
                "xact codegen --check --format github",
                "in CI: annotate the pull request",
            ),
            ("xact --project crates/db codegen", "of a project elsewhere"),
            (
                "xact codegen --explain unknown-column",
                "what a diagnostic means",
            ),
        ],
    ),
    (
        "prove",
        &[
            (
                "xact prove",
                "attack one tenant as another; a leak is exit code 1",
            ),
            (
                "xact prove --format github",
                "in CI: annotate the pull request",
            ),
            ("xact prove --markdown", "the report as a comment"),
            (
                "xact prove --rows | psql",
                "the rows of a leak, to repeat it in a migrated database",
            ),
        ],
    ),
    (
        "init",
        &[
            (
                "xact init",
                "make a project of this folder; overwrites nothing",
            ),
            ("xact --project crates/db init", "of another one"),
        ],
    ),
    (
        "explain",
        &[(
            "xact explain bookmarks_list",
            "types and nullability, with the reasons",
        )],
    ),
    (
        "describe",
        &[
            ("xact describe", "every query, its types and its evidence"),
            (
                "xact describe - --path queries/notes.sql",
                "the unsaved text of a file, on standard input",
            ),
        ],
    ),
    #[cfg(feature = "lsp")]
    (
        "lsp",
        &[(
            "xact lsp",
            "for an editor to start; the guide has its settings",
        )],
    ),
    #[cfg(feature = "mcp")]
    (
        "mcp",
        &[
            (
                "xact mcp",
                "the schema, the queries and the diagnostics of the project",
            ),
            (
                "xact mcp --scope customer --setting user_id=usr_1 --setting organization_id=org_1",
                "the queries of a scope, read-only",
            ),
            (
                "xact mcp --scope admin --allow-writes bookmarks_create,bookmarks_delete",
                "and two that write",
            ),
        ],
    ),
    (
        "schema",
        &[
            ("xact schema", "write schema.sql, and nothing else"),
            ("xact schema --stdout", "print it"),
            ("xact schema --for-llm", "schema and annotations, compact"),
        ],
    ),
    (
        "annotate",
        &[
            (
                "xact annotate",
                "add a line for each description that is missing",
            ),
            ("xact annotate --check", "fail while one is"),
        ],
    ),
    (
        "lint",
        &[
            ("xact lint", "check the conventions"),
            (
                "xact lint --explain foreign-key-index",
                "the convention of a rule, and its reason",
            ),
            (
                "xact lint --format github",
                "in CI: annotate the pull request",
            ),
        ],
    ),
    (
        "migrate",
        &[
            (
                "xact migrate",
                "apply pending migrations to the local database",
            ),
            (
                "xact migrate --database postgres://localhost/shop",
                "to another one",
            ),
        ],
    ),
    (
        "migrate run",
        &[
            ("xact migrate run --dry-run", "list pending migrations only"),
            ("xact migrate run --sql", "print the script"),
            ("xact migrate run --to 20250113090000", "up to this version"),
        ],
    ),
    (
        "migrate revert",
        &[
            ("xact migrate revert", "revert the last"),
            ("xact migrate revert -n 2", "the last two"),
            (
                "xact migrate revert --all --dry-run",
                "say what all would be",
            ),
            ("xact migrate revert --sql", "print the script"),
        ],
    ),
    (
        "migrate status",
        &[
            ("xact migrate status", "applied, pending, edited, missing"),
            ("xact migrate status --json", "for tools"),
            (
                "xact migrate status --drift",
                "how the schema differs from the migrations",
            ),
        ],
    ),
    (
        "migrate history",
        &[("xact migrate history", "the tree, newest first")],
    ),
    (
        "migrate heads",
        &[("xact migrate heads", "more than one: `xact migrate merge`")],
    ),
    (
        "migrate show",
        &[
            ("xact migrate show", "the last migration, up and down"),
            ("xact migrate show 20250106090000", "an earlier one"),
        ],
    ),
    (
        "migrate add",
        &[(
            "xact migrate add \"add tags\"",
            "two files to fill in, up and down",
        )],
    ),
    (
        "migrate diff",
        &[
            ("xact migrate diff \"add tags\"", "after editing schema.sql"),
            (
                "xact migrate diff \"add tags\" --stdout",
                "print both scripts",
            ),
            (
                "xact migrate diff \"rename body\" --rename notes.body=content",
                "a rename, not a loss",
            ),
        ],
    ),
    (
        "migrate merge",
        &[(
            "xact migrate merge",
            "after two branches met that both have migrations",
        )],
    ),
    (
        "migrate baseline",
        &[
            (
                "xact migrate baseline",
                "adopt a database that has everything",
            ),
            (
                "xact migrate baseline --create \"as it is\"",
                "write the first migration from a database that exists",
            ),
            (
                "xact migrate baseline 20250113090000",
                "or everything up to here",
            ),
        ],
    ),
    (
        "migrate mark",
        &[("xact migrate mark 20250113090000", "it was applied by hand")],
    ),
    (
        "migrate unmark",
        &[(
            "xact migrate unmark 20250113090000",
            "it was reverted by hand",
        )],
    ),
    (
        "migrate squash",
        &[(
            "xact migrate squash --to 20250113090000",
            "replace all up to this one by one migration",
        )],
    ),
    (
        "migrate verify",
        &[(
            "xact migrate verify",
            "in CI: every down file restores the schema before it",
        )],
    ),
    ("dev", &[("xact dev up", "start it, and print its URL")]),
    (
        "dev up",
        &[("xact dev up", "start, create, migrate; prints the URL")],
    ),
    (
        "dev down",
        &[
            ("xact dev down", "stop it; all data stays"),
            ("xact dev down --purge", "remove it with all databases"),
        ],
    ),
    (
        "dev status",
        &[("xact dev status --json", "servers and databases, for tools")],
    ),
    (
        "dev url",
        &[("xact dev url", "export DATABASE_URL=$(xact dev url)")],
    ),
    (
        "dev psql",
        &[
            ("xact dev psql", "a prompt"),
            (
                "xact dev psql -- -c \"SELECT count(*) FROM users\"",
                "one statement",
            ),
        ],
    ),
    (
        "dev wipe",
        &[("xact dev wipe", "drop this branch's database")],
    ),
    (
        "dev reset",
        &[("xact dev reset", "drop it and create it once more")],
    ),
    (
        "dev prune",
        &[(
            "xact dev prune --dry-run",
            "the databases of branches that were deleted",
        )],
    ),
    (
        "dev logs",
        &[("xact dev logs --follow", "the log of the local Postgres")],
    ),
    (
        "wait",
        &[(
            "xact wait --timeout 60",
            "before the migrations of a deployment",
        )],
    ),
    (
        "stats",
        &[
            (
                "xact stats",
                "connections, slow queries, sizes, unused indexes",
            ),
            ("xact stats --json", "for tools"),
        ],
    ),
    (
        "new-migration",
        &[(
            "xact new-migration \"add tags\"",
            "two files to fill in, up and down",
        )],
    ),
    (
        "completions",
        &[
            (
                "xact completions bash",
                "> ~/.local/share/bash-completion/completions/xact",
            ),
            ("xact completions zsh", "> ~/.zfunc/_xact"),
            (
                "xact completions fish",
                "> ~/.config/fish/completions/xact.fish",
            ),
        ],
    ),
];
