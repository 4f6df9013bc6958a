package io.dualwrite.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Iterator;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.Job;
import org.springframework.batch.core.JobExecution;
import org.springframework.batch.core.JobParametersBuilder;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.launch.support.TaskExecutorJobLauncher;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.JobRepositoryFactoryBean;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.item.ItemReader;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ScriptUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Spring Batch: its repository's sequences, SERIALIZABLE creation of jobs, a restart of one that failed half way, chunks of rows. */
class SpringBatchIT {
    private static final String SCRIPTS = "org/springframework/batch/core/schema-";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void jobs_walkTheLadderUpAndDown(String vendor) throws Exception {
        try (Migration migration = new Migration(folder, vendor, vendor)) {
            String script = SCRIPTS + (vendor.equals("postgres") ? "postgresql" : vendor) + ".sql";
            for (Side side : Side.values()) {
                try (Connection connection = migration.bare(side)) {
                    ScriptUtils.executeSqlScript(connection, new ClassPathResource(script));
                }
            }
            migration.onBoth(
                    "CREATE TABLE royalty (day_no INT, line INT, cents INT NOT NULL, PRIMARY KEY (day_no, line))");
            try (HikariDataSource pool = new HikariDataSource()) {
                pool.setJdbcUrl(migration.url());
                pool.setMaximumPoolSize(4);
                migration.walk(new Accounts(pool));
            }
        }
    }

    private static final class Accounts implements Client {
        private static final int LINES = 10;
        private static final int CHUNK = 3;

        private final JdbcTemplate jdbc;
        private final JdbcTransactionManager transactions;
        private final JobRepository repository;
        private final TaskExecutorJobLauncher launcher = new TaskExecutorJobLauncher();
        private boolean fails;
        private int days;

        Accounts(DataSource source) throws Exception {
            jdbc = new JdbcTemplate(source);
            transactions = new JdbcTransactionManager(source);
            JobRepositoryFactoryBean factory = new JobRepositoryFactoryBean();
            factory.setDataSource(source);
            factory.setTransactionManager(transactions);
            factory.afterPropertiesSet();
            repository = factory.getObject();
            launcher.setJobRepository(repository);
            launcher.afterPropertiesSet();
        }

        @Override
        public void work(Rung rung) throws Exception {
            days++;
            fails = true;
            assertThat(run(job(days)).getStatus()).as("on %s", rung).isEqualTo(BatchStatus.FAILED);
            assertThat(lines(days)).isEqualTo(2 * CHUNK);
            fails = false;
            JobExecution execution = run(job(days));
            assertThat(execution.getStatus())
                    .as("on %s: %s", rung, execution.getAllFailureExceptions())
                    .isEqualTo(BatchStatus.COMPLETED);
            assertThat(lines(days)).isEqualTo(LINES);
            assertThat(repository.getJobNames()).hasSize(days);
        }

        private JobExecution run(Job job) throws Exception {
            return launcher.run(
                    job, new JobParametersBuilder().addLong("day", (long) days).toJobParameters());
        }

        private Job job(int day) {
            return new JobBuilder("royalties " + day, repository)
                    .start(new StepBuilder("count", repository)
                            .<Integer, Integer>chunk(CHUNK, transactions)
                            .reader(reader(day))
                            .writer(chunk -> jdbc.batchUpdate(
                                    "INSERT INTO royalty (day_no, line, cents) VALUES (?, ?, 5)",
                                    chunk.getItems().stream()
                                            .map(line -> new Object[] {day, line})
                                            .toList()))
                            .build())
                    .build();
        }

        /** The lines that are not there yet; the third chunk breaks off where the job is to fail. */
        private ItemReader<Integer> reader(int day) {
            Iterator<Integer> lines = IntStream.range(lines(day), LINES).iterator();
            return () -> {
                Integer line = lines.hasNext() ? lines.next() : null;
                if (fails && line != null && line == 2 * CHUNK) {
                    throw new IllegalStateException("the printer is out of paper");
                }
                return line;
            };
        }

        private int lines(int day) {
            Integer lines = jdbc.queryForObject("SELECT COUNT(*) FROM royalty WHERE day_no = ?", Integer.class, day);
            return lines == null ? 0 : lines;
        }
    }
}
