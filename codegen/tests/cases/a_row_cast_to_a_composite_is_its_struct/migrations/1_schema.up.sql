CREATE TYPE mood AS ENUM ('sunny', 'rainy');
CREATE TYPE price AS (amount int, currency text);
CREATE TYPE entry AS (label text, feeling mood);
CREATE TYPE wide AS (a int, b int, c int, d int, e int, f int, g int, h int, i int, j int);
CREATE TABLE items (id int PRIMARY KEY, price price NOT NULL);
