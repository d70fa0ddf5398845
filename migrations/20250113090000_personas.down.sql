DROP TABLE personas;
DROP TABLE persona_status_enum;
DROP TABLE persona_relation_type_enum;
