//! A map far larger than that of Deventer, for benchmarks.

use sqlx::PgPool;

/// Repeats the activities of the set, each copy at another place.
pub async fn multiply(pool: &PgPool, size: i64) {
    let mut conn = pool.acquire().await.unwrap();
    for statement in [
        "set statement_timeout = 0",
        "create temp table copies as
         select a.id as original, gen_random_uuid() as id, n,
                (row_number() over (order by n, a.slug)) as number
         from activities a, generate_series(2, $1 / 351 + 2) n order by n, a.slug limit $1 - 351",
        "create temp table spots as
         select id, row_number() over (order by slug) - 1 as number from places where zone_id is not null",
        "insert into activities (id, slug, title, kind, summary, organisation_id, place_id, step, cost_cents,
                                 cost_text, signup, signup_text, languages, status, status_note, provenance, state)
         select c.id, left(a.slug, 70) || '-' || c.n, a.title, a.kind, a.summary, a.organisation_id, s.id, a.step,
                a.cost_cents, a.cost_text, a.signup, a.signup_text, a.languages, a.status, a.status_note,
                a.provenance, a.state
         from copies c join activities a on a.id = c.original
         join spots s on s.number = c.number % (select count(*) from spots)",
        "insert into activity_themes select c.id, t.theme_id, t.position
         from copies c join activity_themes t on t.activity_id = c.original",
        "insert into activity_audiences select c.id, t.audience_id, t.position
         from copies c join activity_audiences t on t.activity_id = c.original",
        "insert into schedules (activity_id, position, starts_at, duration_minutes, rrule, exception_dates, until)
         select c.id, s.position, s.starts_at, s.duration_minutes, s.rrule, s.exception_dates, s.until
         from copies c join schedules s on s.activity_id = c.original",
        "analyze",
    ] {
        let statement = statement.replace("$1", &size.to_string());
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
            .execute(&mut *conn)
            .await
            .unwrap();
    }
}
