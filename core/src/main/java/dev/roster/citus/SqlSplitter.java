package dev.roster.citus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells the statements of a text apart, by the lexical rules of PostgreSQL ("Lexical Structure" of its documentation): a
 * semicolon ends one unless it stands in quotes, dollar quotes, a comment, parentheses, or the body of an SQL function
 * ({@code BEGIN ATOMIC}). Quotes are read as under {@code standard_conforming_strings=on}. Used once.
 */
final class SqlSplitter {

    private final String text;
    private final List<Piece> pieces = new ArrayList<>();
    private int at;
    private int from;
    private int parentheses;
    private int blocks;
    private List<String> words = new ArrayList<>();

    SqlSplitter(String text) {
        this.text = text;
    }

    /**
     * One statement.
     *
     * @param from where its first word begins, comments left aside
     * @param sql without the comments before it and the semicolon after it
     * @param words its first words, in capitals, at most four
     */
    record Piece(int from, String sql, List<String> words) {}

    List<Piece> split() {
        from = -1;
        while (at < text.length()) {
            step(text.charAt(at));
        }
        end();
        return pieces;
    }

    private void step(char c) {
        if (Character.isWhitespace(c)) {
            at++;
        } else if (text.startsWith("--", at)) {
            at = after(text.indexOf('\n', at), 1);
        } else if (text.startsWith("/*", at)) {
            skipComment();
        } else if (c == ';' && parentheses == 0 && blocks == 0) {
            end();
            at++;
        } else {
            from = from < 0 ? at : from;
            skipToken(c);
        }
    }

    private void skipToken(char c) {
        switch (c) {
            case '\'' -> skipQuoted(c, false);
            case '"' -> skipQuoted(c, false);
            case '$' -> skipDollar();
            case '(' -> {
                parentheses++;
                at++;
            }
            case ')' -> {
                parentheses = Math.max(0, parentheses - 1);
                at++;
            }
            default -> {
                if (Character.isLetter(c) || c == '_') {
                    skipWord();
                } else if (Character.isDigit(c)) {
                    skipName();
                } else {
                    at++;
                }
            }
        }
    }

    private void skipWord() {
        int begin = at;
        skipName();
        String word = text.substring(begin, at).toUpperCase(Locale.ROOT);
        if (word.equals("E") && at < text.length() && text.charAt(at) == '\'') {
            skipQuoted('\'', true);
            return;
        }
        if (words.size() < 4) {
            words.add(word);
        }
        if (isRoutine()) {
            switch (word) {
                case "BEGIN" -> blocks++;
                case "CASE" -> blocks += blocks > 0 ? 1 : 0;
                case "END" -> blocks = Math.max(0, blocks - 1);
                default -> {}
            }
        }
    }

    /** Only there BEGIN is the begin of a body. */
    private boolean isRoutine() {
        return words.getFirst().equals("CREATE") && (words.contains("FUNCTION") || words.contains("PROCEDURE"));
    }

    private void skipName() {
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_' || text.charAt(at) == '$')) {
            at++;
        }
    }

    private void skipQuoted(char quote, boolean backslashEscapes) {
        at++;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && backslashEscapes) {
                at += 2;
            } else if (c != quote) {
                at++;
            } else if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
                at += 2;
            } else {
                at++;
                return;
            }
        }
        at = text.length();
    }

    /** A dollar quote, or a parameter or operator that only begins like one. */
    private void skipDollar() {
        int close = at + 1;
        while (close < text.length() && (Character.isLetterOrDigit(text.charAt(close)) || text.charAt(close) == '_')) {
            close++;
        }
        boolean isQuote = close < text.length() && text.charAt(close) == '$' && !Character.isDigit(text.charAt(at + 1));
        if (isQuote) {
            String tag = text.substring(at, close + 1);
            at = after(text.indexOf(tag, close + 1), tag.length());
        } else {
            at++;
        }
    }

    private void skipComment() {
        int depth = 0;
        while (at < text.length()) {
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
                if (depth == 0) {
                    return;
                }
            } else {
                at++;
            }
        }
    }

    private int after(int found, int length) {
        return found < 0 ? text.length() : found + length;
    }

    private void end() {
        if (from >= 0) {
            pieces.add(new Piece(from, text.substring(from, at), List.copyOf(words)));
        }
        from = -1;
        parentheses = 0;
        blocks = 0;
        words = new ArrayList<>();
    }
}
