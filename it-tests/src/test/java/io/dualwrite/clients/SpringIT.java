package io.dualwrite.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring's templates: keys by metadata, named parameters, batches, translated exceptions, nested transactions. */
class SpringIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"h2, h2", "postgres, mariadb"})
    void templates_walkTheLadderUpAndDown(String oldVendor, String newVendor) throws Exception {
        try (Migration migration = new Migration(folder, oldVendor, newVendor)) {
            migration.onBoth(
                    "CREATE TABLE account (id {id}, owner VARCHAR(60) NOT NULL UNIQUE, balance DECIMAL(12,2) NOT NULL)",
                    "CREATE TABLE booking (account_id BIGINT NOT NULL, no INT NOT NULL, amount DECIMAL(12,2) NOT NULL,"
                            + " PRIMARY KEY (account_id, no), FOREIGN KEY (account_id) REFERENCES account (id))");
            migration.walk(new Bank(new DriverManagerDataSource(migration.url())));
        }
    }

    /** An application that gets a connection for each transaction. */
    private static final class Bank implements Client {
        private final JdbcTemplate jdbc;
        private final NamedParameterJdbcTemplate named;
        private final SimpleJdbcInsert accounts;
        private final TransactionTemplate transaction;
        private final TransactionTemplate nested;
        private int days;

        Bank(DataSource source) {
            DataSourceTransactionManager manager = new DataSourceTransactionManager(source);
            jdbc = new JdbcTemplate(source);
            named = new NamedParameterJdbcTemplate(source);
            accounts = new SimpleJdbcInsert(source)
                    .withTableName("account")
                    .usingColumns("owner", "balance")
                    .usingGeneratedKeyColumns("id");
            transaction = new TransactionTemplate(manager);
            nested = new TransactionTemplate(manager);
            nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        }

        @Override
        public void work(Rung rung) {
            String day = ++days + " on " + rung;
            long first = accounts.executeAndReturnKey(
                            Map.of("owner", "first " + day, "balance", new BigDecimal("100.00")))
                    .longValue();
            long second = second("second " + day);
            transfer(first, second);
            batch(first);
            giveUp(first);
            refuse("first " + day, rung);
            assertThat(named.queryForObject(
                            "SELECT SUM(balance) FROM account WHERE id IN (:ids)",
                            Map.of("ids", List.of(first, second)),
                            BigDecimal.class))
                    .isEqualByComparingTo("200");
            assertThat(jdbc.queryForObject("SELECT COUNT(*) FROM account", Integer.class))
                    .isEqualTo(2 * days);
        }

        private long second(String owner) {
            GeneratedKeyHolder keys = new GeneratedKeyHolder();
            named.update(
                    "INSERT INTO account (owner, balance) VALUES (:owner, 100)",
                    new MapSqlParameterSource("owner", owner),
                    keys,
                    new String[] {"id"});
            Number key = keys.getKey();
            assertThat(key).isNotNull();
            return key == null ? 0 : key.longValue();
        }

        private void transfer(long from, long to) {
            transaction.executeWithoutResult(status -> {
                jdbc.queryForObject("SELECT balance FROM account WHERE id = ? FOR UPDATE", BigDecimal.class, from);
                jdbc.update("UPDATE account SET balance = balance - ? WHERE id = ?", 30, from);
                jdbc.update("UPDATE account SET balance = balance + ? WHERE id = ?", 30, to);
                jdbc.update("INSERT INTO booking (account_id, no, amount) VALUES (?, ?, ?)", from, 1, -30);
                nested.executeWithoutResult(inner -> {
                    jdbc.update("UPDATE account SET balance = 0 WHERE id = ?", to);
                    inner.setRollbackOnly();
                });
            });
        }

        private void batch(long account) {
            List<Object[]> rows = new ArrayList<>();
            for (int no = 2; no < 12; no++) {
                rows.add(new Object[] {account, no, new BigDecimal(no)});
            }
            assertThat(jdbc.batchUpdate("INSERT INTO booking (account_id, no, amount) VALUES (?, ?, ?)", rows))
                    .hasSize(10);
            assertThat(jdbc.update("DELETE FROM booking WHERE account_id = ? AND no > 9", account))
                    .isEqualTo(2);
        }

        private void giveUp(long account) {
            assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                        jdbc.update("UPDATE account SET balance = 0 WHERE id = ?", account);
                        throw new IllegalStateException("changed its mind");
                    }))
                    .isInstanceOf(IllegalStateException.class);
        }

        /** Spring tells a duplicate by the vendor's code or SQLSTATE, which must come through. */
        private void refuse(String owner, Rung rung) {
            assertThatThrownBy(() -> jdbc.update("INSERT INTO account (owner, balance) VALUES (?, 0)", owner))
                    .as("on %s", rung)
                    .isInstanceOf(DuplicateKeyException.class);
        }
    }
}
