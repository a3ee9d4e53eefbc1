-- The store, version 1. See tplus-journal(5).
-- op is the truth; every other table is derived from it ("tplus rebuild") or local to this file (local, used).

CREATE TABLE op (
    incident BLOB NOT NULL, host BLOB NOT NULL, seq INTEGER NOT NULL, prev BLOB NOT NULL,
    hlc INTEGER NOT NULL, wall_us INTEGER NOT NULL, zone TEXT NOT NULL, utcoff_s INTEGER NOT NULL,
    boot_id BLOB, boottime_us INTEGER,
    author TEXT NOT NULL, grp BLOB NOT NULL, entity BLOB NOT NULL, kind TEXT NOT NULL, v INTEGER NOT NULL,
    saw TEXT NOT NULL, digest BLOB NOT NULL, salt BLOB, body TEXT, hash BLOB NOT NULL,
    PRIMARY KEY (incident, host, seq, hash)
) STRICT;
CREATE INDEX op_entity ON op(entity);
CREATE TRIGGER op_no_delete BEFORE DELETE ON op BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER op_no_update BEFORE UPDATE OF incident, host, seq, prev, hlc, wall_us, zone, utcoff_s, boot_id, boottime_us, author, grp,
    entity, kind, v, saw, digest, hash ON op BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER op_redact_only BEFORE UPDATE ON op WHEN new.salt IS NOT NULL OR new.body IS NOT NULL
BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;

-- Local: this file's identity, people's chosen incidents.
CREATE TABLE local (k TEXT PRIMARY KEY, v ANY) STRICT, WITHOUT ROWID;
CREATE TABLE used (person TEXT PRIMARY KEY, incident BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- Derived. n is local; the columns from entity to conflict are the same in each.
CREATE TABLE incident (n INTEGER PRIMARY KEY, entity BLOB NOT NULL, incident BLOB NOT NULL, hlc INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, author TEXT, hidden INTEGER NOT NULL, edited INTEGER NOT NULL, conflict INTEGER NOT NULL,
    id TEXT, title TEXT, severity INTEGER, first_severity INTEGER, zone TEXT, opened_at INTEGER,
    UNIQUE (entity, incident)) STRICT;
CREATE INDEX incident_id ON incident(id);

CREATE TABLE event (n INTEGER PRIMARY KEY, entity BLOB NOT NULL, incident BLOB NOT NULL, hlc INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, author TEXT, hidden INTEGER NOT NULL, edited INTEGER NOT NULL, conflict INTEGER NOT NULL,
    occurred_at INTEGER, approx_s INTEGER, kind TEXT, milestone TEXT, actor TEXT, text TEXT, raw TEXT,
    struck INTEGER, why TEXT, subject TEXT, severity INTEGER, moved_to TEXT, moved_from TEXT,
    UNIQUE (entity, incident)) STRICT;
CREATE INDEX event_order ON event(incident, occurred_at, hlc, entity) WHERE hidden = 0;
CREATE INDEX event_kind ON event(incident, kind, occurred_at) WHERE kind <> 'note' AND hidden = 0;

CREATE TABLE detail (n INTEGER PRIMARY KEY, entity BLOB NOT NULL, incident BLOB NOT NULL, hlc INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, author TEXT, hidden INTEGER NOT NULL, edited INTEGER NOT NULL, conflict INTEGER NOT NULL,
    parent TEXT, ord INTEGER, text TEXT,
    UNIQUE (entity, incident)) STRICT;
CREATE INDEX detail_parent ON detail(parent, ord);

CREATE TABLE responder (n INTEGER PRIMARY KEY, entity BLOB NOT NULL, incident BLOB NOT NULL, hlc INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, author TEXT, hidden INTEGER NOT NULL, edited INTEGER NOT NULL, conflict INTEGER NOT NULL,
    name TEXT, role TEXT, joined_at INTEGER, left_at INTEGER,
    UNIQUE (entity, incident)) STRICT;
CREATE INDEX responder_incident ON responder(incident);

CREATE TABLE action (n INTEGER PRIMARY KEY, entity BLOB NOT NULL, incident BLOB NOT NULL, hlc INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, author TEXT, hidden INTEGER NOT NULL, edited INTEGER NOT NULL, conflict INTEGER NOT NULL,
    number TEXT, text TEXT, owner TEXT, due TEXT, priority INTEGER, type TEXT, horizon TEXT, ref TEXT, success TEXT,
    status TEXT, created_at INTEGER,
    UNIQUE (entity, incident)) STRICT;
CREATE INDEX action_incident ON action(incident);

CREATE TABLE ask (n INTEGER PRIMARY KEY, entity BLOB NOT NULL, incident BLOB NOT NULL, hlc INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, author TEXT, hidden INTEGER NOT NULL, edited INTEGER NOT NULL, conflict INTEGER NOT NULL,
    number TEXT, whom TEXT, text TEXT, asked_at INTEGER, due_at INTEGER, answered_at INTEGER, answer TEXT, status TEXT,
    UNIQUE (entity, incident)) STRICT;
CREATE INDEX ask_incident ON ask(incident);

CREATE TABLE hypothesis (n INTEGER PRIMARY KEY, entity BLOB NOT NULL, incident BLOB NOT NULL, hlc INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, author TEXT, hidden INTEGER NOT NULL, edited INTEGER NOT NULL, conflict INTEGER NOT NULL,
    number TEXT, text TEXT, status TEXT, why TEXT, raised_at INTEGER,
    UNIQUE (entity, incident)) STRICT;
CREATE INDEX hypothesis_incident ON hypothesis(incident);

CREATE TABLE finding (n INTEGER PRIMARY KEY, entity BLOB NOT NULL, incident BLOB NOT NULL, hlc INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, author TEXT, hidden INTEGER NOT NULL, edited INTEGER NOT NULL, conflict INTEGER NOT NULL,
    list TEXT, category TEXT, title TEXT, text TEXT, done INTEGER, scope TEXT, said_at INTEGER, event TEXT,
    UNIQUE (entity, incident)) STRICT;
CREATE INDEX finding_incident ON finding(incident);

CREATE TABLE field (n INTEGER PRIMARY KEY, entity BLOB NOT NULL, incident BLOB NOT NULL, hlc INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, author TEXT, hidden INTEGER NOT NULL, edited INTEGER NOT NULL, conflict INTEGER NOT NULL,
    name TEXT, value TEXT,
    UNIQUE (entity, incident)) STRICT;
CREATE INDEX field_incident ON field(incident, name);

CREATE TABLE section (n INTEGER PRIMARY KEY, entity BLOB NOT NULL, incident BLOB NOT NULL, hlc INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, author TEXT, hidden INTEGER NOT NULL, edited INTEGER NOT NULL, conflict INTEGER NOT NULL,
    name TEXT, value TEXT,
    UNIQUE (entity, incident)) STRICT;
CREATE INDEX section_incident ON section(incident, name);

-- Rows of a document's tables: metric, relation, link, signoff, code; their values in attr.
CREATE TABLE record (n INTEGER PRIMARY KEY, entity BLOB NOT NULL, incident BLOB NOT NULL, hlc INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, author TEXT, hidden INTEGER NOT NULL, edited INTEGER NOT NULL, conflict INTEGER NOT NULL,
    type TEXT,
    UNIQUE (entity, incident)) STRICT;
CREATE INDEX record_incident ON record(incident, type);

-- The targets, roles and budgets promised at a severity, as open and sev wrote them; one row a rule in attr.
CREATE TABLE policy (n INTEGER PRIMARY KEY, entity BLOB NOT NULL, incident BLOB NOT NULL, hlc INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, author TEXT, hidden INTEGER NOT NULL, edited INTEGER NOT NULL, conflict INTEGER NOT NULL,
    severity INTEGER,
    UNIQUE (entity, incident)) STRICT;
CREATE TABLE attr (entity BLOB NOT NULL, incident BLOB NOT NULL, name TEXT NOT NULL, value ANY,
    PRIMARY KEY (entity, incident, name)) STRICT, WITHOUT ROWID;

-- Values that did not see the one displayed; ops a later version must project; chains with more than one tip.
CREATE TABLE conflict (entity BLOB NOT NULL, incident BLOB NOT NULL, field TEXT NOT NULL, ord INTEGER NOT NULL,
    type TEXT NOT NULL, value ANY, PRIMARY KEY (entity, incident, field, ord)) STRICT, WITHOUT ROWID;
CREATE INDEX conflict_incident ON conflict(incident);
CREATE TABLE unknown (entity BLOB NOT NULL, incident BLOB NOT NULL, ops INTEGER NOT NULL,
    PRIMARY KEY (entity, incident)) STRICT, WITHOUT ROWID;
CREATE TABLE fork (incident BLOB NOT NULL, host BLOB NOT NULL, PRIMARY KEY (incident, host)) STRICT, WITHOUT ROWID;

-- For people and their sqlite3.
CREATE VIEW milestones AS
    SELECT incident, milestone, min(occurred_at) AS at FROM event e
    WHERE kind = 'milestone' AND kind <> 'note' AND hidden = 0 AND struck IS NOT 1 AND milestone <> 'reopen'
        AND (milestone NOT IN ('resolved', 'closed') OR occurred_at > ifnull((SELECT max(occurred_at) FROM event r
            WHERE r.incident = e.incident AND r.kind = 'milestone' AND r.kind <> 'note' AND r.hidden = 0
                AND r.struck IS NOT 1 AND r.milestone = 'reopen'), -9223372036854775807))
    GROUP BY incident, milestone;
CREATE VIEW spans AS
    SELECT i.id AS incident, a.milestone AS "from", b.milestone AS "to", (b.at - a.at) / 1000000.0 AS seconds
    FROM milestones a JOIN milestones b USING (incident) JOIN incident i USING (incident)
    WHERE i.hidden = 0 AND instr('started detected acknowledged declared investigating identified mitigating mitigated resolved closed',
            a.milestone)
        < instr('started detected acknowledged declared investigating identified mitigating mitigated resolved closed', b.milestone);
CREATE VIEW incidents AS
    SELECT id, title, severity, zone, strftime('%Y-%m-%dT%H:%M:%SZ', opened_at / 1000000, 'unixepoch') AS opened_at FROM incident WHERE hidden = 0;
CREATE VIEW timeline AS
    SELECT i.id AS incident, lower(hex(e.entity)) AS event, strftime('%Y-%m-%dT%H:%M:%SZ', e.occurred_at / 1000000, 'unixepoch') AS occurred_at,
        e.approx_s, strftime('%Y-%m-%dT%H:%M:%SZ', e.recorded_at / 1000000, 'unixepoch') AS recorded_at, e.kind, e.milestone,
        ifnull(e.actor, e.author) AS actor, e.text, ifnull(e.struck, 0) AS struck
    FROM event e JOIN incident i ON i.entity = e.incident WHERE e.hidden = 0 ORDER BY e.incident, e.occurred_at, e.hlc, e.entity;
CREATE VIEW actions AS
    SELECT i.id AS incident, a.number, a.text, a.owner, a.due, a.priority, a.type, a.horizon, a.ref, a.success, a.status
    FROM action a JOIN incident i ON i.entity = a.incident WHERE a.hidden = 0;
CREATE VIEW responders AS
    SELECT i.id AS incident, r.name, r.role, strftime('%Y-%m-%dT%H:%M:%SZ', r.joined_at / 1000000, 'unixepoch') AS joined_at,
        strftime('%Y-%m-%dT%H:%M:%SZ', r.left_at / 1000000, 'unixepoch') AS left_at
    FROM responder r JOIN incident i ON i.entity = r.incident WHERE r.hidden = 0;
