package io.dualwrite.demo.verdict;

import java.util.List;

/**
 * A table of the bookstore.
 *
 * @param key its primary key's columns
 * @param derived whether a batch derives it (Data B)
 */
public record Table(String name, List<String> key, boolean derived) {

    /** All tables, parents before children. */
    public static final List<Table> ALL = List.of(
            dataA("author", "id"),
            dataA("title", "id"),
            dataA("title_author", "title_id", "author_id"),
            dataA("cover", "title_id"),
            dataA("customer", "id"),
            dataA("cart_item", "customer_id", "title_id"),
            dataA("orders", "id"),
            dataA("order_line", "order_id", "line_no"),
            dataA("invoice", "invoice_no"),
            dataA("review", "id"),
            dataA("visit_counter", "name"),
            new Table("sales_daily", List.of("sold_on", "title_id"), true),
            new Table("royalty_author", List.of("author_id"), true));

    private static Table dataA(String name, String... key) {
        return new Table(name, List.of(key), false);
    }
}
