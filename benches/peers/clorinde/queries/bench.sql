--: Note(body?)
--: Book(blurb?)
--: Wide(updated_at?, subtitle?, publisher?, abstract?, edition?, stock?, discount?, digital?)

--! notes_get : Note
SELECT id, created_at, title, body FROM notes WHERE id = :id;

--! loads_insert (id, created_at, title, body?)
INSERT INTO loads (id, created_at, title, body) VALUES (:id, :created_at, :title, :body);

--! notes_rename
UPDATE notes SET title = :title WHERE id = :id;

--! set_scope
SELECT set_config('role', 'bench_customer', true) AS role, set_config('app.user_id', :user, true) AS user,
       set_config('app.organization_id', :organization, true) AS organization;

--! documents_get : Note
SELECT id, created_at, title, body FROM documents WHERE id = :id;

--! notes_list : Note
SELECT id, created_at, title, body FROM notes ORDER BY id LIMIT :rows;

--! wide_list : Wide
SELECT id, created_at, updated_at, title, subtitle, author, publisher, language, url, abstract, pages, edition, year,
       sales, stock, price, discount, available, digital, rank
FROM wide ORDER BY id LIMIT :rows;

--! events_stream : Note
SELECT id, created_at, title, body FROM events;

--! authors_list
SELECT id, name FROM authors ORDER BY id;

--! books_of_authors : Book
SELECT id, author_id, title, blurb FROM books WHERE author_id = ANY(:author_ids) ORDER BY author_id, id;

--! loads_unnest (titles, bodies[?])
INSERT INTO loads (id, created_at, title, body)
SELECT * FROM unnest(:ids::bigint[], :created::timestamptz[], :titles::text[], :bodies::text[]);
