-- Who signs in elsewhere (OpenID Connect): issuer and subject together are the one thing that never
-- changes and is never given out again (OpenID Connect Core 1.0, 5.7).
create table identities (
    issuer text not null check (length(issuer) between 1 and 2000),
    subject text not null check (length(subject) between 1 and 255),
    account_id uuid not null references accounts on delete cascade,
    linked_at timestamptz not null default now(),
    primary key (issuer, subject),
    unique (account_id, issuer)
);

-- Who left for the provider and may come back, once, with the same browser.
create table openid_attempts (
    digest bytea primary key,
    state_digest bytea not null,
    nonce text not null,
    verifier text not null,
    onward text not null,
    -- Whoever links the provider to the account they are signed in with.
    account_id uuid references accounts on delete cascade,
    expires_at timestamptz not null
);
create index openid_attempts_expires_at on openid_attempts (expires_at);
