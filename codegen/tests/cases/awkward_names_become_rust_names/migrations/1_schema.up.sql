CREATE TABLE "Odd" ("type" text NOT NULL, "Created At" timestamptz NOT NULL, "größe" bigint NOT NULL, "2fa" boolean NOT NULL, "self" text NOT NULL);
CREATE TABLE "order" (id bigint NOT NULL, "where" text NOT NULL);
