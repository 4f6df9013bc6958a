package io.dualwrite.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import java.nio.file.Path;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Options;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;
import org.apache.ibatis.datasource.pooled.PooledDataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MyBatis with its own pool: generated keys into beans, reused statements, batches. */
class MyBatisIT {
    @TempDir
    Path folder;

    /** A row. */
    public static final class Task {
        public long id;
        public String title;
        public int priority;

        public Task(String title) {
            this.title = title;
        }
    }

    /** The statements. */
    public interface Tasks {
        @Insert("INSERT INTO task (title, priority) VALUES (#{title}, #{priority})")
        @Options(useGeneratedKeys = true, keyProperty = "id", keyColumn = "id")
        int insert(Task task);

        @Update("UPDATE task SET priority = priority + #{more} WHERE id = #{id}")
        int raise(@Param("id") long id, @Param("more") int more);

        @Delete("DELETE FROM task WHERE priority > #{above} AND id >= #{from}")
        int delete(@Param("above") int above, @Param("from") long from);

        @Select("SELECT priority FROM task WHERE id = #{id}")
        Integer priority(long id);

        @Select("SELECT COUNT(*) FROM task")
        int count();
    }

    @ParameterizedTest
    @CsvSource({"h2, h2", "mariadb, postgres"})
    void sessions_walkTheLadderUpAndDown(String oldVendor, String newVendor) throws Exception {
        try (Migration migration = new Migration(folder, oldVendor, newVendor)) {
            migration.onBoth("CREATE TABLE task (id {id}, title VARCHAR(60) NOT NULL, priority INT NOT NULL)");
            PooledDataSource pool = new PooledDataSource("io.dualwrite.DualWriteDriver", migration.url(), null, null);
            Configuration configuration =
                    new Configuration(new Environment("test", new JdbcTransactionFactory(), pool));
            configuration.setDefaultExecutorType(ExecutorType.REUSE);
            configuration.addMapper(Tasks.class);
            try {
                migration.walk(new ToDo(new SqlSessionFactoryBuilder().build(configuration)));
            } finally {
                pool.forceCloseAll();
            }
        }
    }

    private static final class ToDo implements Client {
        private final SqlSessionFactory sessions;
        private int kept;

        ToDo(SqlSessionFactory sessions) {
            this.sessions = sessions;
        }

        @Override
        public void work(Rung rung) {
            long id = one("one on " + rung);
            batch(id, rung);
            try (SqlSession session = sessions.openSession()) {
                Tasks tasks = session.getMapper(Tasks.class);
                tasks.raise(id, 100);
                session.rollback();
                assertThat(tasks.priority(id)).isEqualTo(7);
                assertThat(tasks.count()).isEqualTo(kept);
            }
        }

        private long one(String title) {
            try (SqlSession session = sessions.openSession()) {
                Tasks tasks = session.getMapper(Tasks.class);
                Task task = new Task(title);
                assertThat(tasks.insert(task)).isOne();
                assertThat(task.id).isPositive();
                assertThat(tasks.raise(task.id, 3)).isOne();
                assertThat(tasks.raise(task.id, 4)).isOne();
                session.commit();
                kept++;
                return task.id;
            }
        }

        private void batch(long from, Rung rung) {
            try (SqlSession session = sessions.openSession(ExecutorType.BATCH)) {
                Tasks tasks = session.getMapper(Tasks.class);
                Task last = new Task("none");
                for (int i = 0; i < 10; i++) {
                    last = new Task("batched " + i + " on " + rung);
                    last.priority = i;
                    tasks.insert(last);
                }
                session.flushStatements();
                assertThat(last.id).isGreaterThan(from);
                session.commit();
            }
            try (SqlSession session = sessions.openSession(true)) {
                assertThat(session.getMapper(Tasks.class).delete(7, from)).isEqualTo(2);
            }
            kept += 8;
        }
    }
}
