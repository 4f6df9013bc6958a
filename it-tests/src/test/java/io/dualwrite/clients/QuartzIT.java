package io.dualwrite.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualwrite.DualWriteDriver;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Date;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.matchers.GroupMatcher;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Quartz as one of a cluster: it locks rows, keeps job data as bytes, and checks in every half second the whole way. */
class QuartzIT {
    private static final String SCRIPTS = "org/quartz/impl/jdbcjobstore/tables_";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"h2, h2, StdJDBCDelegate", "postgres, postgres, PostgreSQLDelegate", "mariadb, mariadb, StdJDBCDelegate"
    })
    void scheduler_walksTheLadderUpAndDown(String oldVendor, String newVendor, String delegate) throws Exception {
        try (Migration migration = new Migration(folder, oldVendor, newVendor)) {
            for (Side side : Side.values()) {
                String vendor = migration.vendor(side);
                String script = SCRIPTS + (vendor.equals("mariadb") ? "mysql_innodb" : vendor) + ".sql";
                try (Connection connection = migration.bare(side)) {
                    ResourceDatabasePopulator tables = new ResourceDatabasePopulator(new ClassPathResource(script));
                    tables.setCommentPrefixes("--", "#");
                    tables.populate(connection);
                }
            }
            Scheduler scheduler = new StdSchedulerFactory(properties(migration, delegate)).getScheduler();
            scheduler.start();
            try {
                migration.walk(new Office(scheduler));
            } finally {
                scheduler.shutdown(true);
            }
        }
    }

    private static Properties properties(Migration migration, String delegate) {
        Properties properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", "office-" + migration.vendor(Side.OLD));
        properties.setProperty("org.quartz.scheduler.instanceId", "AUTO");
        properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        properties.setProperty("org.quartz.threadPool.threadCount", "2");
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
        properties.setProperty("org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore." + delegate);
        properties.setProperty("org.quartz.jobStore.isClustered", "true");
        properties.setProperty("org.quartz.jobStore.clusterCheckinInterval", "500");
        properties.setProperty("org.quartz.jobStore.dataSource", "main");
        properties.setProperty("org.quartz.dataSource.main.provider", "hikaricp");
        properties.setProperty("org.quartz.dataSource.main.driver", DualWriteDriver.class.getName());
        properties.setProperty("org.quartz.dataSource.main.URL", migration.url());
        properties.setProperty("org.quartz.dataSource.main.maxConnections", "4");
        return properties;
    }

    /** Counts how often it ran for each day; Quartz makes it by its class. */
    public static final class Letter implements Job {
        private static final AtomicInteger SENT = new AtomicInteger();

        @Override
        public void execute(JobExecutionContext context) {
            assertThat(context.getMergedJobDataMap().getString("to")).startsWith("Ms ");
            SENT.incrementAndGet();
        }
    }

    private static final class Office implements Client {
        private final Scheduler scheduler;
        private int days;

        Office(Scheduler scheduler) {
            this.scheduler = scheduler;
            Letter.SENT.set(0);
        }

        @Override
        public void work(Rung rung) throws SchedulerException {
            days++;
            JobDetail letter = JobBuilder.newJob(Letter.class)
                    .withIdentity("letter " + days)
                    .usingJobData("to", "Ms " + rung)
                    .storeDurably()
                    .build();
            scheduler.scheduleJob(letter, TriggerBuilder.newTrigger().startNow().build());
            await().atMost(Duration.ofSeconds(20)).until(() -> Letter.SENT.get() == days);
            JobKey key = letter.getKey();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> scheduler.getTriggersOfJob(key).isEmpty());
            scheduler.scheduleJob(TriggerBuilder.newTrigger()
                    .forJob(key)
                    .startAt(new Date(
                            System.currentTimeMillis() + Duration.ofDays(300).toMillis()))
                    .build());
            assertThat(scheduler.getTriggerKeys(GroupMatcher.anyTriggerGroup())).hasSize(days);
        }
    }
}
