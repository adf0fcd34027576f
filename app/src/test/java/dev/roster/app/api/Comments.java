package dev.roster.app.api;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What the source says in its Javadoc, read by the compiler itself. */
final class Comments {

    private final Map<String, String> texts;

    private Comments(Map<String, String> texts) {
        this.texts = texts;
    }

    static Comments read(Collection<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, _ -> {}, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            Map<String, String> found = new HashMap<>();
            for (CompilationUnitTree unit : task.parse()) {
                new Scanner(DocTrees.instance(task), found).scan(new TreePath(unit), null);
            }
            return new Comments(found);
        }
    }

    /** Of a type. */
    String of(Class<?> type) {
        return text(name(type));
    }

    /** Of a record's component, an enum's constant or a field. */
    String of(Class<?> type, String member) {
        return text(name(type) + "." + member);
    }

    /** Of a method, known by its name and how many parameters it has. */
    String of(Class<?> type, String method, int parameters) {
        return text(name(type) + "." + method + "/" + parameters);
    }

    private String text(String key) {
        String text = texts.getOrDefault(key, "");
        if (text.isEmpty()) {
            throw new IllegalStateException(key + " has no Javadoc");
        }
        return text;
    }

    private static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
    }

    /** Collects the comments under the names of what they stand at. */
    private static final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {

        private final DocTrees comments;
        private final Map<String, String> found;
        private String outer = "";

        Scanner(DocTrees comments, Map<String, String> found) {
            this.comments = comments;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            String before = outer;
            String name = before + type.getSimpleName();
            outer = name + ".";
            note(name);
            super.visitClass(type, null);
            outer = before;
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            note(outer + method.getName() + "/" + method.getParameters().size());
            return null;
        }

        @Override
        public @Nullable Void visitVariable(VariableTree variable, @Nullable Void nothing) {
            note(outer + variable.getName());
            return null;
        }

        private void note(String name) {
            DocCommentTree comment = comments.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                found.put(name, text(comment.getFullBody()));
                for (DocTree tag : comment.getBlockTags()) {
                    if (tag instanceof ParamTree param) {
                        found.put(name + "." + param.getName(), text(param.getDescription()));
                    }
                }
            }
        }

        private static String text(List<? extends DocTree> parts) {
            return parts.stream()
                    .map(Scanner::text)
                    .collect(Collectors.joining())
                    .replaceAll("\\s+", " ")
                    .strip();
        }

        private static String text(DocTree part) {
            return switch (part) {
                case TextTree words -> words.getBody();
                case LiteralTree code -> "`" + code.getBody().getBody() + "`";
                case LinkTree link -> {
                    String signature = link.getReference().getSignature();
                    yield "`"
                            + signature.substring(Math.max(signature.lastIndexOf('.'), signature.lastIndexOf('#')) + 1)
                            + "`";
                }
                default -> part.toString();
            };
        }
    }
}
