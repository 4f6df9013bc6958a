package io.dualwrite.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.SharedServers;
import io.dualwrite.sql.SqlFlavour;
import io.dualwrite.sql.StatementClassifier;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said of the functions that a vendor brings along, against its real server. */
class RoutinesIT {
    /** All that only reads, by the server's own word, and is there to be called: not the works of a type, an operator or an index. */
    private static final String READING = """
            SELECT DISTINCT proname FROM pg_proc p
            WHERE pronamespace = 'pg_catalog'::regnamespace AND provolatile <> 'v' AND prokind = 'f'
              AND NOT EXISTS (SELECT 1 FROM pg_proc v WHERE v.proname = p.proname AND v.provolatile = 'v')
              AND prorettype NOT IN ('internal'::regtype, 'trigger'::regtype, 'event_trigger'::regtype)
              AND NOT 'internal'::regtype = ANY (proargtypes::oid[])
              AND proname NOT LIKE '%validator' AND proname NOT LIKE 'pg_event_trigger%'
              AND NOT EXISTS (SELECT 1 FROM pg_type t WHERE p.oid IN (typinput, typoutput, typreceive, typsend, typmodin,
                  typmodout) OR t.typname = p.proname AND t.typname NOT LIKE '%range')
              AND NOT EXISTS (SELECT 1 FROM pg_operator o WHERE p.oid IN (oprcode, oprrest, oprjoin))
              AND NOT EXISTS (SELECT 1 FROM pg_amproc WHERE amproc = p.oid)
              AND NOT EXISTS (SELECT 1 FROM pg_range WHERE p.oid IN (rngcanonical, rngsubdiff))
              AND NOT EXISTS (SELECT 1 FROM pg_aggregate WHERE p.oid IN (aggtransfn, aggfinalfn, aggcombinefn, aggmtransfn,
                  aggminvtransfn, aggmfinalfn))""";

    /** What is in the catalogue and in no manual: the works behind other functions and operators. */
    private static final Set<String> INNER = Set.of(
            "int8_sum",
            "dexp",
            "dlog1",
            "dlog10",
            "dround",
            "dtrunc",
            "enum_in",
            "enum_out",
            "enum_send",
            "int4inc",
            "int8dec",
            "nameconcatoid",
            "notlike",
            "numeric_div_trunc",
            "numeric_exp",
            "numeric_inc",
            "numeric_ln",
            "numeric_log",
            "numeric_sqrt",
            "pg_backup_start_time",
            "pg_indexam_progress_phasename",
            "pg_mcv_list_items",
            "pg_replication_origin_oid",
            "satisfies_hash_partition",
            "shell_in",
            "shell_out",
            "xmlconcat2",
            "xmlvalidate",
            "cash_words",
            "interval_avg");

    @Test
    void whatOnlyReadsByPostgresOwnWord_isKnownToReadOnly() throws SQLException {
        StatementClassifier classifier = StatementClassifier.of(SqlFlavour.POSTGRESQL);
        DatabaseServer server = SharedServers.of("postgres");
        List<String> unknown = new ArrayList<>();
        int asked = 0;
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet names = statement.executeQuery(READING)) {
            while (names.next()) {
                String name = names.getString(1);
                asked++;
                if (!INNER.contains(name)
                        && !classifier
                                .classify("SELECT " + name + "()")
                                .functions()
                                .isEmpty()) {
                    unknown.add(name);
                }
            }
        }
        assertThat(asked).isGreaterThan(400);
        assertThat(unknown).isEmpty();
    }
}
