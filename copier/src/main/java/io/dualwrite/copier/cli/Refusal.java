package io.dualwrite.copier.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;

/**
 * The report of a command that did not do what it was asked for, for programs.
 *
 * @param refused why and what to do, in the words that stand on standard error too
 */
record Refusal(String refused) {
    void write(PrintWriter out) {
        try {
            out.println(new ObjectMapper().writeValueAsString(this));
            out.flush();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a refusal is plain data", impossible);
        }
    }
}
