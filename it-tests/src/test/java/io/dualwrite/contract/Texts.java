package io.dualwrite.contract;

import java.util.ArrayList;
import java.util.List;

/** The SQL that walks execute, in one vendor's words. */
final class Texts {
    private final Draw draw;
    private final Fixture fixture;

    Texts(Draw draw) {
        this.draw = draw;
        fixture = draw.fixture();
    }

    String any() {
        int chance = draw.below(100);
        return chance < 30
                ? query()
                : chance < 70 ? write() : chance < 80 ? error() : chance < 90 ? special() : session();
    }

    String query() {
        int id = 1 + draw.below(6);
        return draw.either(
                "SELECT id, name, qty FROM item ORDER BY id",
                "SELECT code, label FROM code ORDER BY code",
                "SELECT name, price, made FROM item WHERE id = " + id,
                "SELECT COUNT(*) FROM tag",
                "SELECT i.name, t.tag FROM item i JOIN tag t ON t.item_id = i.id ORDER BY 1, 2",
                "SELECT id, qty FROM item WHERE qty > 2 ORDER BY id FOR UPDATE",
                "SELECT id, name FROM item WHERE id = " + id + " FOR UPDATE",
                "SELECT body, raw, sold, active FROM item WHERE id < 4 ORDER BY id",
                "SELECT MAX(id) FROM item",
                "(SELECT code FROM code) UNION (SELECT name FROM item WHERE id = 1) ORDER BY 1");
    }

    String write() {
        int id = 1 + draw.below(6);
        int number = draw.below(100);
        return draw.either(
                "INSERT INTO item (name, qty) VALUES ('walk " + number + "', " + number + ")",
                "INSERT INTO item (name, price) VALUES ('one " + number + "', 1), ('two " + number + "', 2)",
                "INSERT INTO item (id, name) VALUES (" + (100 + number) + ", 'given')",
                "INSERT INTO code (code, label) VALUES ('w" + number + "', 'walk " + number + "')",
                "INSERT INTO tag (item_id, tag) VALUES (" + id + ", 'walk')",
                "UPDATE item SET qty = qty + 1 WHERE id < " + id,
                "UPDATE item SET name = 'named " + number + "' WHERE id = " + id,
                "UPDATE item SET price = price * 2, sold = NULL WHERE qty > " + id,
                "UPDATE item SET name = 'nobody' WHERE id = 4711",
                "UPDATE code SET label = 'labelled " + number + "' WHERE code = 'b'",
                "DELETE FROM tag WHERE item_id = " + id,
                "DELETE FROM item WHERE id = " + id,
                "DELETE FROM code WHERE code LIKE 'w%'",
                "DELETE FROM item WHERE id > 5");
    }

    String error() {
        return draw.either(
                "INSERT INTO code (code, label) VALUES ('a', 'twice')",
                "INSERT INTO code (code, label) VALUES ('x', 'Label a')",
                "INSERT INTO item (name) VALUES (NULL)",
                "INSERT INTO tag (item_id, tag) VALUES (4711, 'orphan')",
                "UPDATE item SET name = NULL WHERE id = 2",
                "UPDATE code SET label = 'Label a'",
                "DELETE FROM item WHERE id = 1",
                "SELECT nowhere FROM item",
                "SELECT name FROM nothing",
                // What cannot be read at all may be refused while the fleet crosses
                draw.alone() ? "SELECT FROM WHERE" : "DELETE FROM item WHERE name > 5 AND",
                "UPDATE item SET",
                "INSERT INTO item (name, qty) VALUES ('short')",
                "UPDATE item SET qty = 'many' WHERE id = 1",
                "");
    }

    /** What only this vendor says so, or what does more than one thing. */
    String special() {
        List<String> texts = new ArrayList<>();
        String insert = "INSERT INTO item (name) VALUES ('special')";
        // In 5 new's generator makes the keys of such rows, past old's, to which the gate raises it
        texts.add(
                draw.alone()
                        ? "INSERT INTO item (name, qty) SELECT name, qty + 10 FROM item WHERE id < 3 ORDER BY id"
                        : "INSERT INTO tag (item_id, tag) SELECT id, 'selected' FROM item WHERE id < 3");
        if (fixture.isPostgres()) {
            texts.add(insert + " RETURNING id, name");
            texts.add("UPDATE item SET qty = qty + 1 WHERE id = 2 RETURNING *");
            texts.add("DELETE FROM tag WHERE item_id = 2 RETURNING tag");
            texts.add(
                    "INSERT INTO code (code, label) VALUES ('a', 'upserted') ON CONFLICT (code) DO UPDATE SET label = EXCLUDED.label");
            texts.add("INSERT INTO code (code, label) VALUES ('a', 'ignored') ON CONFLICT DO NOTHING");
        } else if (fixture.isMariaDb()) {
            texts.add(insert + " RETURNING id, name");
            texts.add("DELETE FROM tag WHERE item_id = 2 RETURNING tag");
            texts.add("INSERT IGNORE INTO code (code, label) VALUES ('a', 'ignored')");
            if (draw.alone()) {
                texts.add(
                        "INSERT INTO code (code, label) VALUES ('a', 'upserted') ON DUPLICATE KEY UPDATE label = 'upserted'");
                texts.add("REPLACE INTO code (code, label) VALUES ('a', 'replaced')");
            } else {
                texts.remove(0);
            }
        } else {
            texts.add(
                    draw.alone()
                            ? "SELECT id, name FROM FINAL TABLE (" + insert + ")"
                            : "SELECT id, name FROM FINAL TABLE (UPDATE item SET qty = 9 WHERE id = 2)");
            texts.add("MERGE INTO code (code, label) KEY (code) VALUES ('a', 'merged')");
        }
        if (draw.alone()) {
            // Where both are written, what several statements write may be marked, or refused
            texts.add("UPDATE item SET qty = 7 WHERE id = 3; SELECT qty FROM item WHERE id = 3");
            texts.add("SELECT 1; SELECT 2");
            texts.add(insert + "; UPDATE item SET qty = 8 WHERE name = 'special'");
        }
        String temporary = fixture.isH2() ? "LOCAL TEMPORARY" : "TEMPORARY";
        texts.add("CREATE " + temporary + " TABLE scratch (id INT PRIMARY KEY, name VARCHAR(20))");
        texts.add("INSERT INTO scratch (id, name) VALUES (1, 'one'), (2, 'two')");
        texts.add("SELECT id, name FROM scratch ORDER BY id");
        texts.add("UPDATE scratch SET name = 'changed' WHERE id = 2");
        if (draw.alone() || !fixture.isPostgres()) {
            // Where there is none it is a change of the schema, which PostgreSQL alone keeps in its transaction
            texts.add("DROP TABLE scratch");
        }
        return draw.of(texts);
    }

    String session() {
        List<String> texts = new ArrayList<>(
                List.of("COMMIT", "ROLLBACK", "SAVEPOINT w", "ROLLBACK TO SAVEPOINT w", "RELEASE SAVEPOINT w"));
        if (fixture.isPostgres()) {
            texts.addAll(List.of(
                    "BEGIN", "SET TIME ZONE 'UTC'", "SET LOCAL statement_timeout = '30s'", "SHOW statement_timeout"));
            texts.addAll(List.of(
                    "SELECT current_schema()", "SHOW transaction_isolation", "SET nowhere = 1", "ABORT", "END"));
        } else if (fixture.isMariaDb()) {
            texts.addAll(List.of(
                    "BEGIN",
                    "START TRANSACTION",
                    "SET @walk = 5",
                    "SELECT @walk",
                    "SET autocommit = 0",
                    "SET autocommit = 1"));
            texts.addAll(List.of("SELECT LAST_INSERT_ID()", "SELECT @@autocommit", "SET nowhere = 1"));
        } else {
            texts.addAll(List.of(
                    "SET @walk = 5", "SELECT @walk", "SET AUTOCOMMIT FALSE", "SET AUTOCOMMIT TRUE", "SET nowhere 1"));
        }
        return draw.of(texts);
    }
}
