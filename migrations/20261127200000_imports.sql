-- Tables that were sent in through the browser: looked at, loaded, taken back. Rows go after a
-- month.

create table imports (
    id uuid primary key,
    account_id uuid not null constraint imports_account_known references accounts (id) on delete cascade,
    sent_at timestamptz not null default now(),
    state text not null default 'checked' constraint imports_state_known check (state in ('checked', 'loaded', 'undone')),
    -- The text of each table by its name; empty when it is loaded.
    files jsonb not null,
    -- What becomes, or became, of each row; see interchange::Change.
    changes jsonb not null,
    unchanged integer not null,
    -- What came of taking it back; see interchange::Undone.
    undone jsonb,
    loaded_at timestamptz
);
create index imports_by_age on imports (sent_at);
create index imports_by_account on imports (account_id);
