-- wörds
CREATE TABLE x (id bigint,);
