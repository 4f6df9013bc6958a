package io.dualwrite.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFileTest {
    private static final String WHOLE = "old.url = jdbc:h2:mem:old\nnew.url = jdbc:h2:mem:new\ninstance = app-1\n";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("dualwrite.properties");
    }

    @Test
    void wholeFile_isReadWithSubstitutions() throws Exception {
        Path secret = folder.resolve("new_db");
        write(secret, "gehäim=$1\n");
        write(
                file,
                "phase = 4\nold.url = jdbc:postgresql://db-old/bookstore\nold.user = app\n"
                        + "old.password = ${env:OLD_DB_PASSWORD}\nold.property.ssl = true\n"
                        + "new.url = jdbc:mariadb://db-new/bookstore\nnew.password = ${file:" + secret + "}\n"
                        + "dataA = title, author\ninstance = app-${env:N}\nfleet.size = 3\nmirror.budget = 250 ms\n"
                        + "routine.Price_Of = reads\nlastModified.title = changed_at\n");
        Settings settings = SettingsFile.open(file, name -> name.equals("N") ? "7" : "s3cret")
                .settings();
        assertThat(settings.phase).isEqualTo(Phase.THREE);
        assertThat(settings.instance).isEqualTo("app-7");
        assertThat(settings.fleetSize).isEqualTo(3);
        assertThat(settings.mirrorBudget).hasMillis(250);
        assertThat(settings.heartbeat).hasSeconds(1);
        assertThat(settings.gate).isTrue();
        assertThat(settings.routine("PRICE_OF")).isEqualTo("reads");
        assertThat(settings.user(Side.OLD)).isEqualTo("app");
        assertThat(settings.user(Side.NEW)).isNull();
        assertThat(settings.connectionProperties(Side.OLD))
                .containsEntry("user", "app")
                .containsEntry("password", "s3cret")
                .containsEntry("ssl", "true");
        assertThat(settings.connectionProperties(Side.NEW)).containsEntry("password", "gehäim=$1");
        assertThat(settings.toString()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "phase = 7 | phase = 7 is not allowed; it is one of 1, 2, 3, 5, 6 (0 means 1, 4 means 3)",
                "phase = three | phase = three is not allowed; it is one of 1, 2, 3, 5, 6 (0 means 1, 4 means 3)",
                "phaes = 1 | unknown key phaes; did you mean phase?",
                "phase = 1;fleet.sise = 3 | unknown key fleet.sise; did you mean fleet.size?",
                "phase = 1;colour = red | unknown key colour",
                "phase = 1;phase = 2 | phase stands in the file twice",
                "phase = 1;fleet.size = 0 | fleet.size = 0 is not allowed; it is a whole number from 1 to 1000",
                "phase = 1;heartbeat = 5 | heartbeat = 5 is not allowed; it is a duration from 20 ms to 60 s, with its unit (ms, s, min, h)",
                "phase = 1;unlisted = C | unlisted = C is not allowed; it is one of A, B, refuse",
                "phase = 1;dataA = title, a b | dataA = title, a b is not allowed; it is table names separated by commas, each NAME or SCHEMA.NAME, with * for any characters",
                "phase = 1;dataA = title;dataB = sales, TITLE | table title stands in both dataA and dataB; a table belongs to one class only",
                "phase = 1;dataA = sales_*;dataB = sales_daily | dataA names sales_* and dataB names sales_daily, which can be the same table; a table belongs to one class only",
                "phase = 1;old.password = ${env:NOWHERE} | old.password refers to the environment variable NOWHERE, which is not set",
                "phase = 1;old.password = ${file:/no/such} | old.password refers to the file /no/such, which cannot be read",
                "phase = 1;old.user = ${X} | old.user has a ${…} that is neither ${env:NAME} nor ${file:/path}",
                "phase = 1;routine.f = maybe | routine.f = maybe is not allowed; it is reads, or writes TABLE, TABLE",
                "phase = \\u00zz | the file is malformed (Malformed \\uxxxx encoding.)"
            })
    void problem_isSaidInOneSentence(String lines, String sentence) throws Exception {
        write(file, WHOLE + lines.replace(';', '\n') + '\n');
        assertThat(problems()).contains(file + ": " + sentence);
    }

    @Test
    void allProblems_areSaidAtOnce() throws Exception {
        write(file, "phase = 9\nold.url = oracle:thin\nfleet.size = many\nspeed = 9\n");
        assertThat(problems()).hasSize(5).allSatisfy(problem -> assertThat(problem)
                .startsWith(file + ": ")
                .doesNotContain("oracle:thin"));
    }

    @Test
    void missingOrEmptyFile_isRefused() throws Exception {
        assertThat(problems()).containsExactly(file + ": there is no such file");
        write(file, "\n");
        assertThat(problems())
                .containsExactly(file + ": the file is empty; it needs at least phase, old.url and new.url");
    }

    @Test
    void change_isAdoptedAtTheSecondLookThatAgrees() throws Exception {
        SettingsFile settings = opened();
        write(file, WHOLE + "phase = 3\n");
        assertThat(settings.poll()).isFalse();
        write(file, WHOLE + "phase = 5\n");
        assertThat(settings.poll()).isFalse();
        assertThat(settings.settings().phase).isEqualTo(Phase.ONE);
        assertThat(settings.poll()).isTrue();
        assertThat(settings.settings().phase).isEqualTo(Phase.FIVE);
        assertThat(settings.poll()).isFalse();
    }

    @Test
    void brokenFile_keepsTheLastGoodSettings_andRecovers() throws Exception {
        SettingsFile settings = opened();
        for (String broken : new String[] {"", WHOLE, WHOLE + "phase = 3\nx = 1\n", "phase = 3\n"}) {
            write(file, broken);
            settings.poll();
            assertThat(settings.poll()).isFalse();
            assertThat(settings.settings().phase).isEqualTo(Phase.ONE);
            assertThat(settings.trouble()).isNotNull();
        }
        Files.delete(file);
        settings.poll();
        settings.poll();
        assertThat(settings.trouble()).contains("there is no such file");
        write(file, WHOLE + "phase = 1\n");
        settings.poll();
        assertThat(settings.trouble()).isNull();
        write(file, WHOLE + "phase = 3\n");
        settings.poll();
        assertThat(settings.poll()).isTrue();
    }

    @Test
    void atomicRenameAndSwappedSymlink_areSeen() throws Exception {
        SettingsFile settings = opened();
        Path beside = folder.resolve("next");
        write(beside, WHOLE + "phase = 3\n");
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        settings.poll();
        assertThat(settings.poll()).isTrue();

        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        write(first.resolve("f"), WHOLE + "phase = 3\n");
        write(second.resolve("f"), WHOLE + "phase = 5\n");
        Path current = Files.createSymbolicLink(folder.resolve("current"), first);
        SettingsFile mounted = SettingsFile.open(current.resolve("f"));
        Path swapped = Files.createSymbolicLink(folder.resolve("swapped"), second);
        Files.move(swapped, current, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        mounted.poll();
        assertThat(mounted.poll()).isTrue();
        assertThat(mounted.settings().phase).isEqualTo(Phase.FIVE);
    }

    @Test
    void vetoedOrRestartOnlyChange_isNotAdopted() throws Exception {
        SettingsFile settings = opened();
        write(file, WHOLE + "phase = 3\ndataB = x\n");
        settings.poll((current, next) -> "not now");
        assertThat(settings.poll((current, next) -> "not now")).isFalse();
        assertThat(settings.trouble()).isEqualTo(file + ": not now");
        write(file, WHOLE.replace("app-1", "app-2") + "phase = 3\n");
        settings.poll();
        assertThat(settings.poll()).isFalse();
        assertThat(settings.trouble()).contains("instance changed from app-1 to app-2, which needs a restart");
    }

    @Test
    void rotatedSecretFile_isAChange() throws Exception {
        Path secret = folder.resolve("secret");
        write(secret, "one");
        write(file, WHOLE + "phase = 1\nnew.password = ${file:" + secret + "}\n");
        SettingsFile settings = SettingsFile.open(file);
        write(secret, "two");
        settings.poll();
        assertThat(settings.poll()).isTrue();
        assertThat(settings.settings().connectionProperties(Side.NEW)).containsEntry("password", "two");
    }

    @Test
    void fingerprint_coversWhatTheFleetMustShare_andSaysWhatDiffers() throws Exception {
        Settings one = with("dataA = b, a\nfleet.size = 1");
        assertThat(with("dataA = A,b\nfleet.size = 3").fingerprint())
                .isEqualTo(one.fingerprint())
                .hasSize(64);
        assertThat(one.differsIn(with("dataA = a").fingerprint())).isEqualTo("dataA or dataB");
        assertThat(one.differsIn(
                        with("dataA = a, b\ngate = off\nroutine.f = reads").fingerprint()))
                .isEqualTo("routine.* and gate or ddl");
    }

    private Settings with(String lines) throws Exception {
        write(file, WHOLE + "phase = 1\n" + lines + "\n");
        return SettingsFile.open(file).settings();
    }

    private SettingsFile opened() throws Exception {
        write(file, WHOLE + "phase = 1\n");
        return SettingsFile.open(file);
    }

    private List<String> problems() {
        SettingsException refused =
                catchThrowableOfType(SettingsException.class, () -> SettingsFile.open(file, name -> null));
        return refused == null ? Collections.emptyList() : refused.problems();
    }

    private static void write(Path path, String text) throws IOException {
        Files.write(path, text.getBytes(UTF_8));
    }
}
