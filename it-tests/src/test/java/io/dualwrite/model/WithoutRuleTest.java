package io.dualwrite.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Without any one rule the model finds how it goes wrong, and tells it. */
final class WithoutRuleTest {
    private static final Logger LOG = LoggerFactory.getLogger(WithoutRuleTest.class);

    static List<WithoutRule> rules() {
        return WithoutRule.ALL;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void ruleOff_isFoundAndTold(WithoutRule without) {
        Scenario scenario = without.scenario().under(Rules.without(without.rule()));
        Explorer.Result result = new Explorer(scenario).search(new OneDatabase(scenario), EnumSet.of(without.finds()));

        assertThat(result.violation()).isEqualTo(without.finds());
        String story = Story.of(scenario, result);
        LOG.info("Without {}\n{}", without, story);
        assertThat(story).contains("At first", "1. ", without.finds().says);
    }

    /** Else the scenario would find something that the rule has nothing to do with. */
    @ParameterizedTest
    @MethodSource("rules")
    void sameScenario_allRulesOn_isFine(WithoutRule without) {
        Scenario scenario = without.scenario();
        Explorer.Result result = new Explorer(scenario).search(new OneDatabase(scenario), Set.of());

        assertThat(result.violation())
                .withFailMessage(() -> Story.of(scenario, result))
                .isNull();
        assertThat(result.ends()).isPositive();
    }

    @Test
    void everyRule_hasItsScenario() {
        Set<Rule> covered = WithoutRule.ALL.stream().map(WithoutRule::rule).collect(Collectors.toSet());

        assertThat(covered).isEqualTo(EnumSet.allOf(Rule.class));
    }
}
