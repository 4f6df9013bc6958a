package io.dualwrite.copier.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The report of a command that did not do what it was asked for, for programs.
 *
 * @param refused why, in the words that stand on standard error too
 * @param nextSteps the commands that these words name in full, with the file
 */
record Refusal(String refused, @JsonProperty("next_steps") List<String> nextSteps) {
    private static final Pattern COMMAND = Pattern.compile("dualwrite [a-z][a-z0-9 -]* -c \\S+[^\\s.,;]");

    static Refusal of(String reason) {
        List<String> commands = new ArrayList<>();
        Matcher found = COMMAND.matcher(reason);
        while (found.find()) {
            commands.add(found.group());
        }
        return new Refusal(reason, commands);
    }

    void write(PrintWriter out) {
        try {
            out.println(new ObjectMapper().writeValueAsString(this));
            out.flush();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a refusal is plain data", impossible);
        }
    }
}
