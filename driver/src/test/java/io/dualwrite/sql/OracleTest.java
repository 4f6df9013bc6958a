package io.dualwrite.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.alibaba.druid.DbType;
import com.alibaba.druid.sql.SQLUtils;
import com.alibaba.druid.sql.ast.SQLStatement;
import com.alibaba.druid.sql.ast.statement.SQLDeleteStatement;
import com.alibaba.druid.sql.ast.statement.SQLInsertStatement;
import com.alibaba.druid.sql.ast.statement.SQLMergeStatement;
import com.alibaba.druid.sql.ast.statement.SQLReplaceStatement;
import com.alibaba.druid.sql.ast.statement.SQLSelectStatement;
import com.alibaba.druid.sql.ast.statement.SQLTruncateStatement;
import com.alibaba.druid.sql.ast.statement.SQLUpdateStatement;
import com.alibaba.druid.sql.visitor.SchemaStatVisitor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.merge.Merge;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.truncate.Truncate;
import net.sf.jsqlparser.statement.update.Update;
import net.sf.jsqlparser.statement.upsert.Upsert;
import net.sf.jsqlparser.util.TablesNamesFinder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Holds two well-known parsers against the classifier, over the statements of the table. Where they understand a statement and
 * say otherwise about verb or tables, {@code disagreements.txt} lists it under the reason why the classifier is right. An
 * unlisted disagreement fails, and so does a listed one that is gone.
 */
class OracleTest {

    /** What an oracle makes of a text; null where it does not understand it. */
    private interface Oracle {
        @Nullable
        String read(SqlFlavour flavour, String sql);
    }

    @Test
    void druid_disagreesOnlyWhereListed() {
        compare("druid", OracleTest::druid, 300);
    }

    @Test
    void jsqlparser_disagreesOnlyWhereListed() {
        compare("jsqlparser", OracleTest::jsqlparser, 300);
    }

    private static void compare(String oracleName, Oracle oracle, int atLeast) {
        List<String> disagreements = new ArrayList<>();
        int compared = 0;
        for (StatementTable.Case statement : StatementTable.cases()) {
            String theirs = oracle.read(statement.flavour, statement.sql);
            if (theirs == null) {
                continue;
            }
            compared++;
            Classification classification = StatementReader.classify(statement.sql, statement.flavour);
            TreeSet<String> tables = new TreeSet<>();
            classification.writes().forEach(table -> tables.add(lower(table.toString())));
            classification.reads().forEach(table -> tables.add(lower(table.toString())));
            if (!theirs.equals(classification.verb() + " " + tables)) {
                disagreements.add(oracleName + " " + statement.flavour.name().charAt(0) + " "
                        + statement.sql.replace("\n", "\\n") + " => " + theirs);
            }
        }
        List<String> listed = listed(oracleName);
        assertThat(disagreements).as("disagreements of " + oracleName).containsExactlyInAnyOrderElementsOf(listed);
        assertThat(compared)
                .as("statements that " + oracleName + " understands")
                .isGreaterThanOrEqualTo(atLeast);
    }

    private static List<String> listed(String oracleName) {
        List<String> listed = new ArrayList<>();
        try (InputStream stream = OracleTest.class.getResourceAsStream("disagreements.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> line.startsWith(oracleName + " ")).forEach(listed::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return listed;
    }

    // ------------------------------------------------------------------ the oracles

    private static @Nullable String druid(SqlFlavour flavour, String sql) {
        DbType type = flavour == SqlFlavour.POSTGRESQL
                ? DbType.postgresql
                : flavour == SqlFlavour.MARIADB ? DbType.mariadb : DbType.h2;
        List<SQLStatement> statements;
        SchemaStatVisitor visitor = SQLUtils.createSchemaStatVisitor(type);
        try {
            statements = SQLUtils.parseStatements(sql, type);
            statements.forEach(statement -> statement.accept(visitor));
        } catch (RuntimeException e) {
            return null;
        }
        Verb verb = statements.size() == 1 ? druidVerb(statements.get(0)) : null;
        List<String> tables = new ArrayList<>();
        visitor.getTables().keySet().forEach(name -> tables.add(name.getName()));
        return verb == null ? null : verb + " " + names(tables);
    }

    private static @Nullable Verb druidVerb(SQLStatement statement) {
        if (statement instanceof SQLSelectStatement) {
            return Verb.SELECT;
        }
        if (statement instanceof SQLInsertStatement) {
            return Verb.INSERT;
        }
        if (statement instanceof SQLUpdateStatement) {
            return Verb.UPDATE;
        }
        if (statement instanceof SQLDeleteStatement) {
            return Verb.DELETE;
        }
        if (statement instanceof SQLMergeStatement || statement instanceof SQLReplaceStatement) {
            return Verb.MERGE;
        }
        return statement instanceof SQLTruncateStatement ? Verb.TRUNCATE : null;
    }

    private static @Nullable String jsqlparser(SqlFlavour flavour, String sql) {
        Statement statement;
        Collection<String> tables;
        try {
            statement = CCJSqlParserUtil.parse(
                    sql, parser -> parser.withBackslashEscapeCharacter(flavour == SqlFlavour.MARIADB));
            if (statement == null) {
                return null;
            }
            tables = new TablesNamesFinder<Void>().getTables(statement);
        } catch (JSQLParserException | RuntimeException e) {
            return null;
        }
        Verb verb = jsqlparserVerb(statement);
        return verb == null ? null : verb + " " + names(tables);
    }

    private static @Nullable Verb jsqlparserVerb(Statement statement) {
        if (statement instanceof Select) {
            return Verb.SELECT;
        }
        if (statement instanceof Insert) {
            return Verb.INSERT;
        }
        if (statement instanceof Update) {
            return Verb.UPDATE;
        }
        if (statement instanceof Delete) {
            return Verb.DELETE;
        }
        if (statement instanceof Merge || statement instanceof Upsert) {
            return Verb.MERGE;
        }
        return statement instanceof Truncate ? Verb.TRUNCATE : null;
    }

    private static TreeSet<String> names(Collection<String> tables) {
        TreeSet<String> names = new TreeSet<>();
        tables.forEach(table -> names.add(lower(table.replaceAll("[\"`]", ""))));
        return names;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
