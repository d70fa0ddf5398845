CREATE TABLE teams (team_key int PRIMARY KEY, label text NOT NULL, extra text);
CREATE TABLE quotas (quota_key int PRIMARY KEY, team_key int);
CREATE TABLE seats (seat_no int PRIMARY KEY, quota_key int, nick text, tags text[]);
CREATE TABLE entries (number int, word text, team text);
