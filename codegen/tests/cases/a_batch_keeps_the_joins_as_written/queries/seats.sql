-- name: seats_free_others :batch
DELETE FROM seats AS s USING teams AS t RIGHT JOIN quotas AS q ON q.team_key = t.team_key
WHERE s.quota_key = q.quota_key AND s.seat_no IS DISTINCT FROM :keep
RETURNING s.seat_no, :keep AS kept;

-- name: seats_rename :batch
UPDATE seats AS s SET nick = coalesce(t.label, 'none') || :suffix
FROM teams AS t FULL JOIN quotas AS q ON q.team_key = t.team_key
WHERE s.quota_key = q.quota_key AND s.seat_no = :seat_no
RETURNING s.seat_no, s.nick;

-- name: seats_tag :batch
UPDATE seats AS s SET nick = t.label || :suffix
FROM quotas AS q LEFT JOIN teams AS t ON q.team_key = t.team_key AND t.label = :label
WHERE s.quota_key = q.quota_key AND s.seat_no = :seat_no
RETURNING s.seat_no, s.nick;

-- name: seats_of_subquery :batch
UPDATE seats AS s SET nick = f.label
FROM teams AS t RIGHT JOIN quotas AS q JOIN (SELECT team_key, label || :suffix AS label FROM teams) AS f USING (team_key)
    ON t.team_key = q.team_key
WHERE s.quota_key = q.quota_key AND s.seat_no = :seat_no;

-- name: seats_of_two :batch
DELETE FROM seats AS s USING quotas AS o, teams AS t RIGHT JOIN quotas AS q USING (team_key)
WHERE s.quota_key = q.quota_key AND o.quota_key = q.quota_key AND s.nick = :nick;
