package io.dualwrite.simulation;

class SimulationMain {
    public static void main(String[] a) throws Exception {
        WithoutRule w = WithoutRule.valueOf(a[0]);
        long from = Long.parseLong(a[1]), to = Long.parseLong(a[2]);
        boolean tell = a.length > 3 && a[3].equals("story"), hash = a.length > 3 && a[3].equals("hash");
        Simulated s = Rewriting.simulation(w);
        long t = System.nanoTime();
        int ran = 0, bad = 0, lines = 0;
        for (long i = from; i <= to; i++) {
            if (!w.suits(Scenario.of(new java.util.Random(i)))) continue;
            ran++;
            Verdict v = s.run(i);
            if (i % 50 == 0) System.out.println("at " + i + " " + (System.nanoTime() - t) / 1_000_000 + " ms");
            lines += v.story().size();
            if (tell) System.out.println(v);
            else if (hash) System.out.println(i + " " + v.toString().hashCode());
            else if (!v.holds()) {
                bad++;
                System.out.println("seed " + i + " " + v.scenario() + "\n   "
                        + String.join(
                                "\n   ",
                                v.violations()
                                        .subList(0, Math.min(4, v.violations().size()))));
            }
        }
        System.out.println((to - from + 1) + " seeds, " + bad + " bad, " + lines + " lines, "
                + (System.nanoTime() - t) / 1_000_000 + " ms");
        System.exit(0);
    }
}
