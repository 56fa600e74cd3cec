-- Whether single keys are commands for someone in the admin area. Who speaks to a computer, or
-- presses keys unmeant, switches them off (WCAG 2.1.4).

alter table accounts add column shortcuts boolean not null default true;
