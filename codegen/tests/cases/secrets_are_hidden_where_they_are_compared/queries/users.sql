-- name: users_with :many
SELECT id FROM users WHERE born > :since AND token = :token -- if :token
;

-- name: users_hashed :many
SELECT id FROM users WHERE email = :email AND md5(:password || 'x') = token -- if :password
;

-- name: users_among :batch
SELECT id FROM users WHERE email = :email AND token IN (SELECT unnest(ARRAY[:one::text, :other]));

-- name: users_of_rows :many
SELECT id FROM users WHERE (email, token) IN (:pairs) -- if :pairs
;

-- name: user_login :batch
INSERT INTO users (email, token) VALUES (lower(:email), md5(:password)) ON CONFLICT (email) DO UPDATE SET token = excluded.token;

-- name: user_change :exec
UPDATE users SET
    born = :born, -- if :born
    email = :email -- if :email
WHERE id = :id;
