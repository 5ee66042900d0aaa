package dev.kindling.table.profile;

/** How often each text occurs. */
final class TextCounts extends ValueCounts<String> {
    private static final long serialVersionUID = 1L;

    private String[] texts = new String[SMALLEST]; // (places)

    TextCounts(int kept) {
        super(kept);
    }

    @Override
    void add(String text, long rows) {
        long hash = hash(text.hashCode());
        if (leavesOut(hash)) {
            return;
        }
        long[] hashes = hashes();
        int last = hashes.length - 1;
        int place = (int) hash & last;
        while (hashes[place] >= 0 && !(hashes[place] == hash && texts[place].equals(text))) {
            place = place + 1 & last;
        }
        texts[place] = text;
        count(hashes, place, hash, rows);
    }

    @Override
    String value(int place) {
        return texts[place];
    }

    @Override
    void move(int[] places, int length) {
        String[] moved = new String[length];
        for (int i = 0; i < places.length; i++) {
            if (places[i] >= 0) {
                moved[places[i]] = texts[i];
            }
        }
        texts = moved;
    }
}
