-- What the application has had for years. No number is ever given to another row (AUTOINCREMENT).
CREATE TABLE employees (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    company TEXT NOT NULL,
    login TEXT NOT NULL COLLATE NOCASE,
    full_name TEXT,
    payroll_number TEXT,
    employed BOOLEAN,
    hired INTEGER NOT NULL, -- microseconds since 1970
    UNIQUE (company, login)
);
