package dev.kindling.spark;

import static org.apache.xbean.asm9.Opcodes.ACC_ABSTRACT;
import static org.apache.xbean.asm9.Opcodes.ACC_INTERFACE;
import static org.apache.xbean.asm9.Opcodes.ACC_PROTECTED;
import static org.apache.xbean.asm9.Opcodes.ACC_PUBLIC;
import static org.apache.xbean.asm9.Opcodes.ASM9;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.xbean.asm9.ClassReader;
import org.apache.xbean.asm9.ClassVisitor;
import org.apache.xbean.asm9.FieldVisitor;
import org.apache.xbean.asm9.Handle;
import org.apache.xbean.asm9.Label;
import org.apache.xbean.asm9.MethodVisitor;
import org.apache.xbean.asm9.Type;

/** Resolves what classes refer to, as a JVM would when it runs them with certain jars. */
final class Linkage implements AutoCloseable {
    /** What comes with Kindling; the JDK's classes are those that run this. */
    private static final List<String> OURS = List.of("dev/kindling/", "picocli/", "org/bytedeco/", "org/jspecify/");

    private final Map<String, byte[]> classes;
    private final List<JarFile> open = new ArrayList<>();
    private final Map<String, JarFile> places = new HashMap<>();
    private final Map<String, Optional<Shape>> shapes = new HashMap<>();

    /**
     * @param classes those to look into: internal names and bytes
     * @param jars all that they run with
     */
    Linkage(Map<String, byte[]> classes, Collection<Path> jars) throws IOException {
        this.classes = classes;
        for (Path path : jars) {
            JarFile jar = new JarFile(path.toFile());
            open.add(jar);
            jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                    .forEach(name -> places.putIfAbsent(name.substring(0, name.length() - ".class".length()), jar));
        }
    }

    @Override
    public void close() throws IOException {
        for (JarFile jar : open) {
            jar.close();
        }
    }

    /** A sentence for each reference that leads nowhere, and for each method that has to be implemented and is not. */
    Set<String> faults() {
        Set<String> faults = new LinkedHashSet<>();
        classes.forEach((name, bytes) -> {
            References references = new References();
            new ClassReader(bytes).accept(references, ClassReader.SKIP_DEBUG);
            for (String type : references.types) {
                if (isForeign(type) && shape(type).isEmpty()) {
                    faults.add(name + " needs the class " + type);
                }
            }
            for (Member member : references.members) {
                if (!leadsSomewhere(member)) {
                    faults.add(name + " needs " + member);
                }
            }
            unimplemented(name).forEach(method -> faults.add(name + " must implement " + method));
        });
        return faults;
    }

    private static boolean isForeign(String type) {
        return OURS.stream().noneMatch(type::startsWith);
    }

    private boolean leadsSomewhere(Member member) {
        if (member.owner.startsWith("[")) {
            return true; // an array's clone
        }
        boolean polymorphic = member.owner.startsWith("java/lang/invoke/");
        return polymorphic
                || !known(member.owner)
                || ancestors(member.owner)
                        .anyMatch(shape ->
                                (shape.members.getOrDefault(member.key(), 0) & (ACC_PUBLIC | ACC_PROTECTED)) != 0
                                        || (!isForeign(shape.name) && shape.members.containsKey(member.key())));
    }

    /** Whether the class is one of those to look into, or one that they run with; others are told of as missing classes. */
    private boolean known(String type) {
        return shape(type).isPresent();
    }

    private List<String> unimplemented(String type) {
        Shape own = shape(type).orElseThrow();
        if ((own.access & (ACC_ABSTRACT | ACC_INTERFACE)) != 0) {
            return List.of();
        }
        Map<String, Boolean> implemented = new LinkedHashMap<>();
        ancestors(type)
                .forEach(shape -> shape.members.forEach((key, access) -> {
                    if (key.contains("(")) {
                        implemented.merge(key, (access & ACC_ABSTRACT) == 0, Boolean::logicalOr);
                    }
                }));
        return implemented.entrySet().stream()
                .filter(entry -> !entry.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The class itself and all that it extends or implements. */
    private Stream<Shape> ancestors(String type) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> next = new ArrayDeque<>(List.of(type));
        List<Shape> found = new ArrayList<>();
        while (!next.isEmpty()) {
            String name = next.removeFirst();
            if (seen.add(name)) {
                shape(name).ifPresent(shape -> {
                    found.add(shape);
                    next.addAll(shape.parents);
                });
            }
        }
        return found.stream();
    }

    private Optional<Shape> shape(String type) {
        Optional<Shape> known = shapes.get(type);
        if (known == null) {
            known = bytes(type).map(Shape::of);
            shapes.put(type, known);
        }
        return known;
    }

    private Optional<byte[]> bytes(String type) {
        byte[] own = classes.get(type);
        if (own != null) {
            return Optional.of(own);
        }
        JarFile jar = places.get(type);
        try (InputStream in = jar != null
                ? jar.getInputStream(jar.getEntry(type + ".class"))
                : ClassLoader.getPlatformClassLoader().getResourceAsStream(type + ".class")) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param descriptor with a parenthesis if it is a method */
    private record Member(String owner, String name, String descriptor) {
        String key() {
            return name + " " + descriptor;
        }

        @Override
        public String toString() {
            return owner + "." + key();
        }
    }

    /** @param members access flags by name and descriptor */
    private record Shape(String name, int access, List<String> parents, Map<String, Integer> members) {
        static Shape of(byte[] bytes) {
            Map<String, Integer> members = new HashMap<>();
            ClassReader reader = new ClassReader(bytes);
            List<String> parents = new ArrayList<>(List.of(reader.getInterfaces()));
            if (reader.getSuperName() != null) {
                parents.add(0, reader.getSuperName());
            }
            ClassVisitor visitor = new ClassVisitor(ASM9) {
                @Override
                public FieldVisitor visitField(
                        int access, String name, String descriptor, String generic, Object value) {
                    members.put(name + " " + descriptor, access);
                    return null;
                }

                @Override
                public MethodVisitor visitMethod(
                        int access, String name, String descriptor, String generic, String[] thrown) {
                    members.put(name + " " + descriptor, access);
                    return null;
                }
            };
            reader.accept(visitor, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
            return new Shape(reader.getClassName(), reader.getAccess(), parents, members);
        }
    }

    /** What a class refers to. */
    private static final class References extends ClassVisitor {
        final Set<String> types = new LinkedHashSet<>();
        final Set<Member> members = new LinkedHashSet<>();

        References() {
            super(ASM9);
        }

        private void type(Type type) {
            if (type.getSort() == Type.ARRAY) {
                type(type.getElementType());
            } else if (type.getSort() == Type.OBJECT) {
                types.add(type.getInternalName());
            }
        }

        private void method(String descriptor) {
            type(Type.getReturnType(descriptor));
            for (Type argument : Type.getArgumentTypes(descriptor)) {
                type(argument);
            }
        }

        private void member(String owner, String name, String descriptor) {
            type(Type.getObjectType(owner));
            if (descriptor.startsWith("(")) {
                method(descriptor);
            } else {
                type(Type.getType(descriptor));
            }
            members.add(new Member(owner, name, descriptor));
        }

        private void constant(Object value) {
            if (value instanceof Type type) {
                if (type.getSort() == Type.METHOD) {
                    method(type.getDescriptor());
                } else {
                    type(type);
                }
            } else if (value instanceof Handle handle) {
                member(handle.getOwner(), handle.getName(), handle.getDesc());
            }
        }

        @Override
        public void visit(int version, int access, String name, String generic, String parent, String[] interfaces) {
            types.add(parent);
            types.addAll(List.of(interfaces));
        }

        @Override
        public FieldVisitor visitField(int access, String name, String descriptor, String generic, Object value) {
            type(Type.getType(descriptor));
            return null;
        }

        @Override
        public MethodVisitor visitMethod(int access, String name, String descriptor, String generic, String[] thrown) {
            method(descriptor);
            return new MethodVisitor(ASM9) {
                @Override
                public void visitTypeInsn(int opcode, String name) {
                    type(Type.getObjectType(name));
                }

                @Override
                public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
                    member(owner, name, descriptor);
                }

                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String name, String descriptor, boolean isInterface) {
                    member(owner, name, descriptor);
                }

                @Override
                public void visitInvokeDynamicInsn(String name, String descriptor, Handle made, Object... constants) {
                    method(descriptor);
                    for (Object each : constants) {
                        constant(each);
                    }
                }

                @Override
                public void visitLdcInsn(Object value) {
                    constant(value);
                }

                @Override
                public void visitTryCatchBlock(Label start, Label end, Label handler, String name) {
                    if (name != null) {
                        types.add(name);
                    }
                }
            };
        }
    }
}
