package io.dualwrite.copier.propose;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.Endpoint;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.StatementClassifier;
import io.dualwrite.sql.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Proposes the lists of a properties file from what old's catalogue and a log of statements say; writes nothing. */
public final class Proposer {
    private static final Pattern PLAIN = Pattern.compile("[^\\s\".,*\\\\]+");

    private final Settings settings;

    public Proposer(Settings settings) {
        this.settings = settings;
    }

    /**
     * Proposes.
     *
     * @param log a file of statements, or null
     * @throws WrongInput if that file cannot be read
     * @throws SQLException if old cannot be reached
     */
    public Proposal propose(@Nullable Path log) throws SQLException {
        Endpoint old = Endpoint.of(settings, Side.OLD);
        TableUse use = use(old.dialect(), log);
        List<Candidate> candidates = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        try (Connection connection = old.open()) {
            Map<String, TableSize> sizes =
                    TableSize.read(connection, old.dialect().vendor());
            for (TableName table : old.dialect().tables(connection)) {
                TableShape shape = old.dialect().shape(connection, table);
                String name = table.table().toLowerCase(Locale.ROOT);
                if (!PLAIN.matcher(name).matches()) {
                    notes.add("The lists cannot spell the name of table '" + name
                            + "'; write a pattern with * for it, or leave it to the setting unlisted.");
                    continue;
                }
                candidates.add(Candidate.of(
                        shape.keyedBy(settings.key(table)), sizes.getOrDefault(name, TableSize.UNKNOWN), use.of(name)));
            }
            connection.rollback();
        }
        if (use.unknown() > 0) {
            notes.add(use.unknown() + " of the statements are such that nobody can know what they write (procedures,"
                    + " unreadable SQL): see routine.NAME in docs/settings.md.");
        }
        List<Proposal.Table> tables = new Classing(candidates).decide();
        return new Proposal(names(tables, "A"), names(tables, "B"), tables, use.statements(), List.copyOf(notes));
    }

    private static List<String> names(List<Proposal.Table> tables, String dataClass) {
        return tables.stream()
                .filter(table -> table.dataClass().equals(dataClass))
                .map(Proposal.Table::table)
                .toList();
    }

    private static TableUse use(Dialect dialect, @Nullable Path log) {
        TableUse use = new TableUse();
        if (log == null) {
            return use;
        }
        StatementClassifier classifier = StatementClassifier.of(dialect.flavour());
        try {
            StatementLog.read(log, sql -> use.add(sql, classifier.classify(sql)));
        } catch (IOException unreadable) {
            throw new WrongInput(
                    "The statements in " + log + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
        return use;
    }
}
