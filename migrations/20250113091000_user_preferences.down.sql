DROP TABLE user_preferences;
DROP TABLE theme_enum;
