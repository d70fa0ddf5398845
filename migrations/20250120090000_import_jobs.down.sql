DROP TABLE import_jobs;
DROP TABLE import_job_status_enum;
