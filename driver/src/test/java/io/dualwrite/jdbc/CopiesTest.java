package io.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CopiesTest {
    /** A value of the application's own. */
    private static final class Bag implements Serializable {
        private static final long serialVersionUID = 1;
        final List<String> things = new ArrayList<>();

        @Override
        public String toString() {
            return things.toString();
        }
    }

    @Test
    void valueChangesAfterwards_copyOfItsClassDoesNot() {
        AtomicInteger number = new AtomicInteger(1);
        StringBuilder text = new StringBuilder("one");
        Map<String, String> map = new HashMap<>(Collections.singletonMap("one", "1"));
        Bag bag = new Bag();
        bag.things.add("one");
        Object[] copies = {Copies.of(number), Copies.of(text), Copies.of(map), Copies.of(bag)};
        number.set(2);
        text.append(" more");
        map.clear();
        bag.things.clear();
        assertThat(copies).extracting(Object::toString).containsExactly("1", "one", "{one=1}", "[one]");
        assertThat(copies)
                .extracting(copy -> (Object) copy.getClass())
                .containsExactly(AtomicInteger.class, StringBuilder.class, HashMap.class, Bag.class);
    }

    @Test
    void arrayOfValuesThatChange_isCopiedWithThem() {
        AtomicLong[] numbers = {new AtomicLong(1)};
        Object copy = Copies.of((Object) numbers);
        numbers[0].set(2);
        assertThat(((AtomicLong[]) copy)[0].get()).isEqualTo(1);
    }

    @Test
    void mapCannotBeSerialized_itIsCopiedAsAMap() {
        Object inside = new Object();
        Map<String, Object> map = new HashMap<>(Collections.singletonMap("one", inside));
        Object copy = Copies.of((Object) map);
        map.clear();
        assertThat(copy).isEqualTo(Collections.singletonMap("one", inside));
    }

    @Test
    void valueCannotChange_itIsNotCopied() {
        for (Object value :
                new Object[] {"text", new BigDecimal("1.5"), new UUID(1, 2), LocalDate.MAX, Thread.State.NEW}) {
            assertThat(Copies.of(value)).isSameAs(value);
        }
        Object unknown = new Object();
        assertThat(Copies.of(unknown)).isSameAs(unknown);
    }
}
