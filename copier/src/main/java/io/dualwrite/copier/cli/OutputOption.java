package io.dualwrite.copier.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The option {@code --json}, and the two ways in which a report is written. */
public final class OutputOption {
    @Option(names = "--json", description = "Writes the report as JSON, and nothing else on standard output.")
    private boolean json;

    /** Whether JSON was asked for. */
    public boolean json() {
        return json;
    }

    /**
     * Writes the report: as JSON, or as the text that the writer makes of it.
     *
     * @param report a record or another object of which Jackson makes JSON
     */
    public void write(PrintWriter out, Object report, Consumer<PrintWriter> text) {
        if (json) {
            out.println(json(mapper().enable(SerializationFeature.INDENT_OUTPUT), report));
        } else {
            text.accept(out);
        }
        out.flush();
    }

    /** Writes the report as one line: as JSON, or the given text. */
    void writeLine(PrintWriter out, Object report, String text) {
        if (json) {
            writeLine(out, report);
        } else {
            out.println(text);
            out.flush();
        }
    }

    /** Writes the report as one line of JSON. */
    static void writeLine(PrintWriter out, Object report) {
        out.println(json(mapper(), report));
        out.flush();
    }

    private static ObjectMapper mapper() {
        return new ObjectMapper().setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);
    }

    private static String json(ObjectMapper mapper, Object report) {
        try {
            return mapper.writeValueAsString(report);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a report is always plain data", impossible);
        }
    }
}
