CREATE TABLE teams (team_key int PRIMARY KEY, label text NOT NULL);
CREATE TABLE quotas (quota_key int PRIMARY KEY, team_key int);
CREATE TABLE seats (seat_no int PRIMARY KEY, quota_key int, nick text);
